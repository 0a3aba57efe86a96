import { countryMeant } from './country.ts'
import { DirectoryQuery, FILTERS, type Filter } from './directory-query.ts'
import { VOCABULARY } from './vocabulary.ts'

const HANDLE = /^(?:acct:)?@?([\p{L}\p{N}_]+(?:[.-]+[\p{L}\p{N}_]+)*)@((?:[\p{L}\p{N}-]+\.)*[\p{L}\p{N}-]+(?::\d{1,5})?)$/u
/** A host that can be asked: with a dot in it, or with a port. */
const WHOLE_HOST = /\.[\p{L}\d-]{2,}(?::\d+)?$|:\d+$/u
const PART = /(?:^|\s)([a-z]+):(?:"([^"]*)"|(\S+))/gi
const FROM = /(?:^|\s)from:@?(\S+)/i
const LONGEST = 500
/** Other words for filters, as people write them. */
const ALSO: Record<string, Filter | 'place'> = {
  place: 'place',
  in: 'place',
  near: 'place',
  land: 'country',
  lang: 'language',
  visitors: 'openToVisitors',
  members: 'openToMembers',
}

/** What somebody looks for who has only one box to write into. */
export type ClientQuery = {
  /** `user@host`, and whether that host can be asked. */
  handle?: { name: string; host: string; whole: boolean }
  url?: string
  /** Whose posts alone are looked for: `me` or a handle, as it was written. */
  from?: string
  /** A hashtag, without its #. */
  tag?: string
  /** Words, with what the filters leave of them. */
  words: string
  directory: DirectoryQuery
}

/**
 * Reads one line of search: a handle, an address, a #tag, or words among which `theme:anarchist`, `country:Spain`, `place:Wales` and the
 * like narrow what is found. A filter with a value nobody knows counts as words.
 */
export function readClientQuery(text: string): ClientQuery {
  const asked = text.slice(0, LONGEST)
  const [, from] = FROM.exec(asked) ?? []
  const line = asked.replace(FROM, ' ').trim()
  const [, name, host] = HANDLE.exec(line) ?? []
  const filters: Partial<Record<Filter, string[]>> = {}
  const words = line
    .replace(PART, (whole, key: string, quoted: string | undefined, bare: string | undefined) => {
      const said = quoted ?? bare ?? ''
      const filter = filterOf(key, said)
      if (!filter) return /^https?$/i.test(key) ? whole : ` ${key in ALSO || isFilter(key) ? said : whole.trim()}`
      if ('word' in filter) return ` ${filter.word}`
      filters[filter.field] = [...(filters[filter.field] ?? []), filter.value]
      return ' '
    })
    .replace(/^@/, '')
    .replace(/\s+/g, ' ')
    .trim()
  const query = DirectoryQuery.safeParse({ ...(words ? { q: words.replace(/^#/, '') } : {}), ...filters })
  return {
    ...(name && host ? { handle: { name, host: host.toLowerCase(), whole: WHOLE_HOST.test(host) } } : {}),
    ...(/^https?:\/\/\S+$/i.test(line) && URL.canParse(line) ? { url: line } : {}),
    ...(from ? { from: from.toLowerCase() } : {}),
    ...(/^#\S+$/.test(line) ? { tag: line.slice(1) } : {}),
    words,
    directory: query.success ? query.data : DirectoryQuery.parse({ q: words.slice(0, 200) }),
  }
}

const isFilter = (key: string): key is Filter => FILTERS.some(field => field.toLowerCase() === key.toLowerCase())

type Narrowing = { field: Filter; value: string } | { word: string }

function filterOf(key: string, said: string): Narrowing | undefined {
  const named = ALSO[key.toLowerCase()] ?? FILTERS.find(field => field.toLowerCase() === key.toLowerCase())
  if (named === undefined || !said) return undefined
  if (named === 'place' || named === 'country') {
    const country = countryMeant(said.replaceAll('_', ' '))
    // Towns and regions are found by their words.
    return country ? { field: 'country', value: country } : named === 'place' ? { word: said } : undefined
  }
  if (named === 'language') return /^[a-z]{2,3}$/i.test(said) ? { field: named, value: said.toLowerCase() } : undefined
  const value = said.toLowerCase().replace(/[\s-]+/g, '_')
  const values: readonly string[] = (VOCABULARY as Record<string, readonly string[]>)[named] ?? []
  return values.includes(value) ? { field: named, value } : undefined
}
