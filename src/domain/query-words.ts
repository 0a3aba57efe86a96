import { type DirectoryQuery, FILTERS } from './directory-query.ts'
import { label } from './vocabulary.ts'

/** What a query asks for, in words: “Communities: “consensus”, Anarchist, Commune, Spain”. */
export function queryWords(query: DirectoryQuery): string {
  const { q, near, within, bbox } = query
  const parts = [
    ...(q ? [`“${q}”`] : []),
    ...FILTERS.flatMap(field => (((query[field] ?? []) as string[]).length > 0 ? [choice(field, query[field] as string[])] : [])),
    ...(near && within !== undefined ? [`within ${within} km of ${near.latitude}, ${near.longitude}`] : []),
    ...(bbox ? [`between ${bbox.south}, ${bbox.west} and ${bbox.north}, ${bbox.east}`] : []),
  ]
  return parts.length > 0 ? `Communities: ${parts.join(', ')}` : 'Communities: all'
}

const PREFIXES: Record<string, string> = { openToMembers: 'new members: ', openToVisitors: 'visitors: ', language: 'speaking ' }

function choice(field: string, values: readonly string[]): string {
  return `${PREFIXES[field] ?? ''}${values.map(value => label(field, value)).join(' or ')}`
}
