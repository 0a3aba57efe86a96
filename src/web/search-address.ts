import { type DirectoryQuery, readDirectoryQuery } from '../domain/directory-query.ts'
import { type Problem, Refusal } from '../domain/refusal.ts'

/** What a search is narrowed by, in the order in which it stands in an address. */
const NAMES = [
  'q',
  'theme',
  'kind',
  'status',
  'openToMembers',
  'openToVisitors',
  'country',
  'language',
  'near',
  'within',
  'bbox',
  'sort',
  'cursor',
] as const
/** What the directory reads of a query. */
const LONGEST_QUERY = 500
export type SearchName = (typeof NAMES)[number]

/** A search as its address says it: values of one name parted by commas. Anything else in an address is not ours, and not kept. */
export type Asked = Partial<Record<SearchName, string>>

/**
 * Reads a search from the query string of a page. What can't be understood is left out and told, and the rest is searched for:
 * somebody who followed an old link should still find something.
 */
export function readSearch(parameters: Record<string, unknown>): { asked: Asked; query: DirectoryQuery; problems: readonly Problem[] } {
  let asked = toAsked(parameters)
  let problems: readonly Problem[] | undefined
  for (;;) {
    try {
      return { asked, query: readDirectoryQuery(asked), problems: problems ?? [] }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      // What follows from leaving something out is not the visitor's fault.
      problems ??= error.problems
      asked = without(
        asked,
        error.problems.map(problem => problem.path),
      )
    }
  }
}

/** The address of a search. */
export function searchPath(asked: Asked, { page = '/', fragment = '' } = {}): string {
  const pairs = NAMES.flatMap(name =>
    asked[name] ? [`${name}=${encodeURIComponent(asked[name]).replaceAll('%2C', ',').replaceAll('%20', '+')}`] : [],
  )
  return `${page}${pairs.length > 0 ? '?' : ''}${pairs.join('&')}${fragment}`
}

export function valuesOf(asked: Asked, name: SearchName): string[] {
  return asked[name]?.split(',') ?? []
}

/** The same search with one value more, or without it if it is there. It starts again at the first page. */
export function toggled(asked: Asked, name: SearchName, value: string): Asked {
  const { cursor: _, ...rest } = asked
  const values = valuesOf(asked, name)
  const next = values.includes(value) ? values.filter(other => other !== value) : [...values, value]
  return { ...rest, [name]: next.join(',') }
}

/** The same search without some of its conditions. It starts again at the first page. */
export function dropped(asked: Asked, ...names: SearchName[]): Asked {
  const gone = new Set<string>([...names, 'cursor'])
  return Object.fromEntries(Object.entries(asked).filter(([name]) => !gone.has(name)))
}

function toAsked(parameters: Record<string, unknown>): Asked {
  const pairs = NAMES.map(name => [name, [parameters[name] ?? []].flat().map(String).filter(Boolean)] as const)
  const given = pairs.filter(([, values]) => values.length > 0)
  return Object.fromEntries(
    given.map(([name, values]) => [name, name === 'q' ? values.join(' ').slice(0, LONGEST_QUERY) : values.join(',')]),
  )
}

// A parameter is also wrong when the one it needs is missing, and then there is nothing of that name to leave out.
function without(asked: Asked, paths: readonly string[]): Asked {
  const rest = Object.fromEntries(Object.entries(asked).filter(([name]) => !paths.includes(name)))
  return Object.keys(rest).length < Object.keys(asked).length ? rest : dropped(asked, 'near', 'within', 'bbox', 'sort')
}
