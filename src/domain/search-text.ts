import { createHash } from 'node:crypto'
import type { Charter } from './charter.ts'
import { baseLanguage, type DirectoryEntry } from './directory.ts'
import { cellTokens, cutWords, isUnspaced, nameToken, tokensOf, valueToken } from './search-token.ts'
import { VOCABULARY } from './vocabulary.ts'

/** What an entry is found by, each a text of tokens parted by spaces. */
export type SearchText = {
  /** Words of the summary; behind them tokens for every value and for the place. */
  words: string
  /** Words of the name, then tokens for the same words. */
  name: string
  rest: string
  /** Words to remember for mistyped and unfinished ones, each once. */
  vocabulary: string[]
  /** Tells two vocabularies apart: 48 bits. */
  digest: number
}

const LONGEST = 200_000
/** More words than a name has. One that has more is a list of words to be found by, and none of them counts as a name. */
const LONGEST_NAME = 10
const MOST_VOCABULARY = 1000
/** Places of the charter with nothing to look for, or nothing that should be found by looking. */
const SILENT = new Set(['precision', 'period', 'unit', 'rel', 'currency', 'contact', 'email', 'phone', 'name', 'summary'])
const NO_FILTER = ['precision', 'period', 'unit', 'rel'] as const
type ValueField = Exclude<keyof typeof VOCABULARY, (typeof NO_FILTER)[number]>
/** Fields of a charter with controlled words, by which a search can be narrowed. */
export const VALUE_FIELDS = (Object.keys(VOCABULARY) as ValueField[]).filter(field => !NO_FILTER.includes(field as never))
const CONTROLLED: ReadonlySet<string> = new Set([...VALUE_FIELDS, 'themes', 'country', 'languages'])
const ADDRESS_OR_DATE = /^(https?:\/\/|mailto:|\d{4}-\d\d)/

/**
 * The words and values of an entry. Controlled words are no text here: a search knows what they are called in many languages, and looks
 * for the value (synonym.ts). Each word counts once in a place, however often it stands there.
 */
export function searchText({ charter, handle, host }: Pick<DirectoryEntry, 'charter' | 'handle' | 'host'>): SearchText {
  const name = cutWords(charter.name)
  const summary = cutWords(charter.summary)
  const rest = cutWords(wordsIn('', charter).join('\n').slice(0, LONGEST))
  const nameTokens = tokens(name)
  const summaryTokens = tokens(summary)
  const restTokens = tokens(rest)
  const named = name.length <= LONGEST_NAME ? nameTokens.map(nameToken) : []
  const vocabulary = [...new Set([...nameTokens, ...summaryTokens, ...restTokens])].slice(0, MOST_VOCABULARY).sort()
  return {
    words: [...summaryTokens, ...valueTokens(charter)].join(' '),
    name: [...nameTokens, ...named].join(' '),
    rest: [...restTokens, ...tokens(cutWords(`${handle} ${host}`))].join(' '),
    vocabulary,
    digest: createHash('sha1').update(vocabulary.join(' ')).digest().readUIntBE(0, 6),
  }
}

const tokens = (words: string[]) => (words.some(isUnspaced) ? words.flatMap(tokensOf) : words)

/** A letter left out in each place: what a word has in common with those that differ from it in one letter. Only of words worth mending. */
export function variantsOf(word: string): string[] {
  if (word.length < 4 || word.length > 24 || /\p{N}/u.test(word) || isUnspaced(word)) return []
  return [word, ...Array.from(word, (_, place) => word.slice(0, place) + word.slice(place + 1))]
}

function valueTokens(charter: Charter): string[] {
  const tokens = VALUE_FIELDS.flatMap(field => {
    const value = (field === 'theme' ? charter.themes : charter[field as keyof Charter]) as string | readonly string[] | undefined
    return [value ?? []].flat().map(one => valueToken(field, one))
  })
  const languages = [...new Set(charter.languages.map(baseLanguage))].map(language => valueToken('language', language))
  const { country, precision, latitude, longitude } = charter.place ?? {}
  const shown = precision !== 'hidden' && latitude !== undefined && longitude !== undefined
  return [
    ...tokens,
    ...languages,
    ...(country ? [valueToken('country', country)] : []),
    ...(shown ? cellTokens({ latitude, longitude }) : []),
  ]
}

function wordsIn(field: string, value: unknown): string[] {
  if ((SILENT.has(field) && typeof value === 'string' && field !== '') || CONTROLLED.has(field)) return []
  if (Array.isArray(value)) return value.flatMap(item => wordsIn(field, item))
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([name, inner]) =>
      field !== '' && name === 'name' && typeof inner === 'string' ? [inner] : wordsIn(name, inner),
    )
  return typeof value !== 'string' || ADDRESS_OR_DATE.test(value) ? [] : [value]
}
