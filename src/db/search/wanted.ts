import type { DirectoryQuery, Filter } from '../../domain/directory-query.ts'
import { FILTERS } from '../../domain/directory-query.ts'
import { coverTokens, cutWords, isUnspaced, nameToken, soughtTokens, tokensOf, valueToken } from '../../domain/search-token.ts'
import { LONGEST_MEANING, meanings } from '../../domain/synonym.ts'
import { type Box, boxAround } from '../../lib/geo.ts'
import type { Tier } from './tiers.ts'
import type { Vocabulary } from './vocabulary.ts'

/** So many words of a query are searched; the rest is cut off. */
const MOST_WORDS = 16
const QUOTED = /"([^"]*)"/g
const ALTERNATIVES = /^\("[^"]*"(?: OR "[^"]*")+\)$/
const SUMMARY = 'words : '

/** Something that must occur, as full-text expressions: in the name, as these very words, or in any way that means it. */
type Part = { name: string; own: string; any: string }

/** What a query asks for, as the index is asked. Places only roughly: what lies in cells beside is left out by who reads the rows. */
export type Wanted = { parts: Part[]; filters: Map<Filter, string>; place: string | undefined; box: Box | undefined }

/** Undefined where there is a query without any word in it, which nothing can fulfil. */
export function readWanted(vocabulary: Vocabulary, query: DirectoryQuery): Wanted | undefined {
  const parts = query.q === undefined ? [] : readParts(vocabulary, query.q)
  if (query.q !== undefined && parts.length === 0) return undefined
  const filters = new Map<Filter, string>()
  for (const field of FILTERS) {
    const values = query[field] as readonly string[] | undefined
    if (values) filters.set(field, either(values.map(value => quote([valueToken(field, value)]))))
  }
  const { bbox, near, within } = query
  const box = bbox ?? (near && within !== undefined ? boxAround(near, within) : undefined)
  return { parts, filters, box, place: box && placeExpression(box) }
}

export const placeExpression = (box: Box) => either(coverTokens(box).map(token => quote([token])))

/** The expression all that is wanted must fulfil; undefined where everything does. @param but a field whose filter is left out */
export function expressionOf({ parts, filters, place }: Wanted, but?: Filter): string | undefined {
  const narrowing = [...filters].filter(([field]) => field !== but).map(([, expression]) => expression)
  const all = [...parts.map(({ any }) => any), ...narrowing, ...(place ? [place] : [])]
  return all.length > 0 ? every(all) : undefined
}

/**
 * The words alone, parted by how well they fit, best first: every word in the name, every word in the summary, the rest. How often a
 * word is there does not count, nor how many other words there are: none of it can be had by writing more.
 */
export function tiersOf(wanted: Wanted): Record<Tier, string> {
  const named = every(wanted.parts.map(({ name }) => name))
  const said = inSummary(every(wanted.parts.map(({ own }) => own)))
  const rest = every(wanted.parts.map(({ any }) => any))
  return [named, `(${said} NOT ${named})`, `((${rest} NOT ${named}) NOT (${said}))`]
}

/** What an expression asks for, in the summary. */
export const inSummary = (expression: string) => `${SUMMARY}${expression}`

/** The expressions one of which an expression asks for, if it asks for nothing else; else it alone. */
export function alternatives(expression: string): string[] {
  const summary = expression.startsWith(SUMMARY)
  const plain = summary ? expression.slice(SUMMARY.length) : expression
  if (!ALTERNATIVES.test(plain)) return [expression]
  return plain.match(QUOTED)!.map(word => (summary ? inSummary(word) : word))
}

function readParts(vocabulary: Vocabulary, q: string): Part[] {
  const parts: Part[] = []
  let left = MOST_WORDS
  let from = 0
  const take = (text: string) => {
    const words = cutWords(text).slice(0, left)
    left -= words.length
    return words
  }
  const finished = /["\s]$/.test(q)
  for (const quoted of q.matchAll(QUOTED)) {
    parts.push(...plainParts(vocabulary, take(q.slice(from, quoted.index)), false))
    const phrase = take(quoted[1]!)
    if (phrase.length > 0) parts.push(phrasePart(phrase))
    from = quoted.index + quoted[0].length
  }
  const last = take(q.slice(from))
  return [...parts, ...plainParts(vocabulary, last, !finished && left > 0)]
}

function phrasePart(words: readonly string[]): Part {
  const tokens = words.flatMap((word, place) => (place < words.length - 1 ? tokensOf(word) : soughtTokens(word)))
  return partOf([tokens], meaningsOf(words))
}

function plainParts(vocabulary: Vocabulary, words: readonly string[], unfinished: boolean): Part[] {
  const parts: Part[] = []
  for (let place = 0; place < words.length; ) {
    const length = meaningLength(words, place)
    const some = words.slice(place, place + length)
    const single = some.map((word, n) => wordPart(vocabulary, word, unfinished && place + n === words.length - 1))
    place += length
    if (length === 1) parts.push(...single)
    else {
      const together = (pick: (part: Part) => string) => every(single.map(pick))
      const meant = meaningsOf(some).map(token => quote([token]))
      parts.push({
        name: together(part => part.name),
        own: together(part => part.own),
        any: either([together(part => part.any), ...meant]),
      })
    }
  }
  return parts
}

/** How many words from here are one name of something. */
function meaningLength(words: readonly string[], place: number): number {
  const { byWords } = meanings()
  for (let length = Math.min(LONGEST_MEANING, words.length - place); length > 1; length--)
    if (byWords.has(words.slice(place, place + length).join(' '))) return length
  return 1
}

function wordPart(vocabulary: Vocabulary, word: string, unfinished: boolean): Part {
  const meant = meaningsOf([word])
  // One or two Latin letters begin too many words; one Chinese character may be a word.
  if (isUnspaced(word)) {
    const tokens = soughtTokens(word)
    return partOf(
      tokens.length === 1 && [...word].length === 1 ? [tokens, ...vocabulary.beginning(word).map(other => [other])] : [tokens],
      meant,
    )
  }
  const begins = unfinished && (word.length > 2 || /[^\p{Script=Latin}\p{N}]/u.test(word))
  const others = begins ? vocabulary.beginning(word) : []
  const mended = others.length === 0 && meant.length === 0 && vocabulary.count(word) === 0 ? vocabulary.near(word) : []
  return partOf(
    [...new Set([word, ...others, ...mended])].map(other => [other]),
    meant,
  )
}

function meaningsOf(words: readonly string[]): readonly string[] {
  const { byWord, byWords } = meanings()
  return (words.length === 1 ? byWord.get(words[0]!) : byWords.get(words.join(' '))) ?? []
}

/** @param alternatives each a run of tokens */
function partOf(alternatives: readonly (readonly string[])[], meant: readonly string[]): Part {
  const own = alternatives.map(quote)
  return {
    name: either(alternatives.map(tokens => quote(tokens.map(nameToken)))),
    own: either(own),
    any: either([...own, ...meant.map(token => quote([token]))]),
  }
}

// No token holds a quotation mark.
const quote = (tokens: readonly string[]) => `"${tokens.join(' ')}"`
export const either = (expressions: readonly string[]) => (expressions.length === 1 ? expressions[0]! : `(${expressions.join(' OR ')})`)
export const every = (expressions: readonly string[]) => (expressions.length === 1 ? expressions[0]! : `(${expressions.join(' AND ')})`)
