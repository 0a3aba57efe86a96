import type { DirectoryEntry } from '../domain/directory.ts'
import { valuesIn } from './charter-value.ts'
import { titleOf } from './field-title.ts'
import type { Words } from './messages.ts'

export type CompareRow = {
  name: string
  title: string
  /** For each community what it says, value by value; undefined where it says nothing. */
  cells: (readonly string[] | undefined)[]
  differs: boolean
}
export type CompareGroup = { id: string; title: string; rows: CompareRow[] }
export type CompareTable = {
  groups: CompareGroup[]
  /** Titles of what none of them says anything of. */
  silent: string[]
  /** How many rows differ. */
  differing: number
}

const GROUPS: readonly [id: string, title: string, fields: readonly string[]][] = [
  ['basics', 'compare.basics', ['kind', 'theme', 'status', 'startedPlanning', 'startedLivingTogether', 'disbanded']],
  ['place', 'compare.place', ['place', 'setting', 'siteStatus', 'landOwner', 'landArea', 'housing']],
  ['people', 'compare.people', ['adults', 'children', 'nonMemberResidents', 'languages']],
  ['open', 'compare.open', ['openToMembers', 'openToVisitors', 'openToVolunteers', 'trialPeriodMonths']],
  ['decisions', 'compare.decisions', ['decisionMaking', 'leadership', 'conflictResolution']],
  ['money', 'compare.money', ['incomeSharing', 'economy', 'joinFee', 'regularFee', 'membersWithDebt']],
  ['work', 'compare.work', ['labour', 'labourHoursPerWeek']],
  ['daily', 'compare.daily', ['sharedMeals', 'alcohol', 'tobacco']],
  ['food', 'compare.food', ['diet', 'dietRule']],
  ['values', 'compare.values', ['orientationPolitical', 'spiritualTraditions', 'practiceExpected']],
  ['upbringing', 'compare.upbringing', ['childrenEducation']],
  ['checked', 'compare.checked', ['lastVerified', 'verifiedAt', 'edition']],
]

// Not what a community is, but what is known of its words: no difference between one way of life and another.
const OF_THE_NODE = new Set(['verifiedAt', 'edition'])

/** Communities side by side, row by row. Rows in which none says anything are named apart. */
export function compareTable(words: Words, entries: readonly DirectoryEntry[]): CompareTable {
  const rows = GROUPS.map(([id, title, fields]) => ({ id, title: words.t(title), rows: fields.map(name => rowOf(words, entries, name)) }))
  const isSilent = ({ cells }: CompareRow) => cells.every(cell => cell === undefined)
  const groups = rows.map(group => ({ ...group, rows: group.rows.filter(row => !isSilent(row)) })).filter(group => group.rows.length > 0)
  return {
    groups,
    silent: rows.flatMap(group => group.rows.filter(isSilent).map(row => row.title)),
    differing: groups.flatMap(group => group.rows).filter(row => row.differs).length,
  }
}

function rowOf(words: Words, entries: readonly DirectoryEntry[], name: string): CompareRow {
  const cells = entries.map(entry => cellOf(words, entry, name))
  const said = new Set(cells.map(cell => JSON.stringify(cell?.toSorted() ?? null)))
  return { name, title: rowTitle(words, name), cells, differs: said.size > 1 && !OF_THE_NODE.has(name) }
}

function cellOf(words: Words, entry: DirectoryEntry, name: string): readonly string[] | undefined {
  if (name === 'verifiedAt') return entry.source === 'self' ? [words.t('compare.here')] : [words.day(entry.verifiedAt)]
  if (name === 'edition') return [words.t('compare.editionOf', { edition: entry.edition, day: words.day(entry.publishedAt) })]
  return valuesIn(words, entry.charter, name)
}

function rowTitle(words: Words, name: string): string {
  if (name === 'place') return words.t('compare.where')
  if (name === 'verifiedAt') return words.t('compare.read')
  if (name === 'edition') return words.t('compare.edition')
  if (name === 'lastVerified') return words.t('compare.confirmed')
  return titleOf(words, name)
}
