import { type Cell, csvOf } from '../../lib/csv.ts'
import type { Item } from './schemas.ts'

const COLUMNS: [name: string, cell: (item: Item) => Cell][] = [
  // Without the @ that a spreadsheet takes for a formula; servers find it all the same.
  ['address', item => item.address.replace(/^@/, '')],
  ['name', item => item.name],
  ['summary', item => item.summary],
  ['kind', item => list(item.kind)],
  ['themes', item => list(item.themes)],
  ['status', item => item.status],
  ['openToMembers', item => item.openToMembers],
  ['openToVisitors', item => item.openToVisitors],
  ['country', item => item.country],
  ['region', item => item.place?.region],
  ['locality', item => item.place?.locality],
  ['latitude', item => item.place?.latitude],
  ['longitude', item => item.place?.longitude],
  ['precision', item => item.place?.precision],
  ['languages', item => list(item.languages)],
  ['website', item => item.charter.website],
  ['url', item => item.url],
  ['actor', item => item.actor],
  ['edition', item => item.edition],
  ['publishedAt', item => item.publishedAt],
  ['verifiedAt', item => item.verifiedAt],
  ['distanceKm', item => item.distanceKm],
]

/** Communities as a table (RFC 4180) that is safe to open in a spreadsheet: no text in it is a formula. Lists are parted by semicolons. */
export function asCsv(items: readonly Item[]): string {
  return csvOf([COLUMNS.map(([name]) => name), ...items.map(item => COLUMNS.map(([, cell]) => cell(item)))])
}

const list = (values: readonly string[]) => values.join('; ')
