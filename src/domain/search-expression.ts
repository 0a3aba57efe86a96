import { FILTERS } from './directory-query.ts'
import { Refusal } from './refusal.ts'

/** The parameters of a directory search that an expression comes down to, for `readDirectoryQuery`. */
export type Expressed = Record<string, string | string[]>

type Token = { kind: 'word' | 'phrase' | 'sign'; text: string }
/** A thing that must be so: a word to be found, or a field that must have one of some values. */
type Term = { field: string | undefined; values: string[]; alternatives?: true }

/** What others call our fields. The rest of what they may ask for is looked for as words, wherever it stands. */
const FIELDS: Record<string, string> = {
  ...Object.fromEntries(FILTERS.map(field => [field.toLowerCase(), field])),
  lang: 'language',
  contentmap: 'language',
  members: 'openToMembers',
  visitors: 'openToVisitors',
}
const AS_WORDS = new Set(['name', 'summary', 'content', 'preferredusername', 'place', 'location', 'region', 'locality', 'tag', 'hashtag'])
/** All that is found here is of these types. */
const TYPES = new Set(['organization', 'group', 'actor', '*'])
const MOST_TOKENS = 200
const DEEPEST = 20

/**
 * Reads a query in the syntax of FEP-f011 as far as the directory can answer it: words, phrases, fields with one or several values, AND,
 * and OR between values of one field. @throws Refusal 'invalid' when it is wrong, or asks for what can't be looked up here
 */
export function readExpression(text: string): Expressed {
  const tokens = tokensOf(text)
  let at = 0
  const peek = () => tokens[at]
  const isSign = (sign: string) => peek()?.kind === 'sign' && peek()?.text === sign
  const isOperator = (word: string) => peek()?.kind === 'word' && peek()?.text === word

  function expression(depth: number): Term[] {
    if (depth > DEEPEST) throw wrong('There are too many brackets in it.')
    let found = conjunction(depth)
    while (isOperator('OR')) {
      at++
      found = [either(found, conjunction(depth))]
    }
    return found
  }

  function conjunction(depth: number): Term[] {
    const terms = primary(depth)
    for (;;) {
      if (isOperator('AND')) at++
      else if (peek() === undefined || isSign(')') || isOperator('OR')) return terms
      terms.push(...primary(depth))
    }
  }

  function primary(depth: number): Term[] {
    const token = tokens[at++]
    if (!token) throw wrong('Something is missing at its end.')
    if (token.kind === 'sign') {
      if (token.text === '(') return bracketed(depth)
      if (token.text === '[' || token.text === '{') throw wrong('Ranges can’t be looked up here.')
      throw wrong(`“${token.text}” stands where a word should.`)
    }
    if (token.kind === 'word' && token.text === 'NOT') throw wrong('NOT can’t be looked up here.')
    if (token.kind === 'word' && (token.text === 'AND' || token.text === 'OR')) throw wrong(`A word is missing beside ${token.text}.`)
    if (token.kind === 'word' && isSign(':')) {
      at++
      return primary(depth + 1).map(term => inField(token.text, term))
    }
    return [{ field: undefined, values: [token.kind === 'phrase' ? `"${token.text}"` : token.text] }]
  }

  function bracketed(depth: number): Term[] {
    const terms = expression(depth + 1)
    if (!isSign(')')) throw wrong('A “)” is missing.')
    at++
    return terms
  }

  if (tokens.length === 0) return {}
  const terms = expression(0)
  if (at < tokens.length) throw wrong(`“${tokens[at]!.text}” stands where nothing should.`)
  return parametersOf(terms)
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  const pattern = /\s+|"([^"]*)"|([()[\]{}:])|([^\s()[\]{}":/]+)|(.)/gy
  for (const [, phrase, sign, word, other] of text.matchAll(pattern)) {
    if (other === '"') throw wrong('A quotation mark is missing.')
    if (other === '/') throw wrong('Patterns can’t be looked up here.')
    if (phrase !== undefined) tokens.push({ kind: 'phrase', text: phrase })
    else if (sign) tokens.push({ kind: 'sign', text: sign })
    else if (word) tokens.push({ kind: 'word', text: word })
    if (tokens.length > MOST_TOKENS) throw wrong('It is too long.')
  }
  return tokens
}

function inField(name: string, { field, values, ...alternatives }: Term): Term {
  const lower = name.toLowerCase()
  if (field !== undefined && field !== FIELDS[lower]) throw wrong(`“${name}” is asked for together with another field.`)
  const ours = FIELDS[lower]
  if (ours) return { field: ours, values: values.map(value => value.replaceAll('"', '')) }
  if (lower === 'type' && values.every(value => TYPES.has(value.toLowerCase()))) return { field: undefined, values: [] }
  if (AS_WORDS.has(lower)) return { field: undefined, values: values.map(value => value.replace(/^#/, '')), ...alternatives }
  throw wrong(`There is no “${name}” to look for. There are: ${FILTERS.join(', ')}.`)
}

// Values of one field are alternatives in a search; words never are.
function either(one: Term[], other: Term[]): Term {
  const [a, b] = [one[0], other[0]]
  if (one.length !== 1 || other.length !== 1 || !a || !b) throw wrong('OR can be looked up only between single values of one field.')
  if (a.field !== b.field) throw wrong('OR can be looked up only between values of one field, such as country:(ES OR PT).')
  // Within `field:( … )` the field is known only when the bracket is closed.
  return { field: a.field, values: [...a.values, ...b.values], ...(a.field === undefined ? { alternatives: true } : {}) }
}

function parametersOf(terms: readonly Term[]): Expressed {
  const words = terms.filter(({ field }) => field === undefined)
  if (words.some(({ alternatives }) => alternatives)) throw wrong('OR can be looked up only between values of one field.')
  const q = words.flatMap(({ values }) => values).join(' ')
  const found: Expressed = q ? { q } : {}
  for (const { field, values } of terms) {
    if (field === undefined) continue
    if (found[field] !== undefined) throw wrong(`“${field}” is asked for twice. Several values go into one bracket: ${field}:(a OR b).`)
    found[field] = values
  }
  return found
}

function wrong(message: string): Refusal {
  return new Refusal('invalid', `This query is not understood. ${message}`, [{ path: 'q', message }])
}

/** The expression that asks for the same, as far as there is one: words and fields, but no places. */
export function writeExpression(parameters: URLSearchParams): string {
  const parts = [...parameters].flatMap(([name, value]) => {
    if (name === 'q') return [wordsOf(value)]
    if (!(FILTERS as readonly string[]).includes(name)) return []
    const values = value.split(',')
    return [values.length > 1 ? `${name}:(${values.join(' OR ')})` : `${name}:${value}`]
  })
  return parts.filter(Boolean).join(' ')
}

// Quoted, a word is never an operator, nor a sign in it a sign.
function wordsOf(q: string): string {
  return q
    .split(/\s+/)
    .map(word => word.replaceAll('"', ''))
    .filter(Boolean)
    .map(word => (/^[\p{L}\p{N}_-]+$/u.test(word) && !/^(AND|OR|NOT|TO)$/.test(word) ? word : `"${word}"`))
    .join(' ')
}
