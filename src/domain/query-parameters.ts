import type { DirectoryQuery } from './directory-query.ts'

const PAGE = 20

/**
 * A query as the parameters that say it, in alphabetical order: two that ask for the same are written the same. `readDirectoryQuery`
 * reads them back.
 */
export function queryParameters(query: DirectoryQuery): URLSearchParams {
  const pairs = Object.entries(query)
    .filter(([name, value]) => value !== undefined && !goesWithoutSaying(query, name, value))
    .map(([name, value]) => [name, asText(value)] as [string, string])
  return new URLSearchParams(pairs.sort(([a], [b]) => (a < b ? -1 : 1)))
}

function goesWithoutSaying({ q, near }: DirectoryQuery, name: string, value: unknown): boolean {
  if (name === 'sort') return value === (q ? 'relevance' : near ? 'distance' : 'name')
  return (name === 'limit' && value === PAGE) || (name === 'include' && value === 'shown')
}

function asText(value: unknown): string {
  if (Array.isArray(value)) return [...value].sort().join(',')
  if (typeof value !== 'object' || value === null) return String(value)
  const { west, south, east, north, latitude, longitude } = value as Record<string, number>
  return (latitude === undefined ? [west, south, east, north] : [latitude, longitude]).join(',')
}
