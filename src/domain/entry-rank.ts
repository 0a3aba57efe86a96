import type { EntryState } from './entry.ts'

// What an entry is worth, as a number: ids of entries begin with it, so that a search that reads ids in ascending order meets the best
// first and may stop early. Nothing an entry says of itself is part of it.

const PERIOD = 30 * 24 * 3_600_000
const PERIODS = 2 ** 16
/** So many numbers can be given in one band. */
const NUMBERS = 2 ** 34
const STATES: readonly EntryState[] = ['vouched', 'confirmed', 'heard']

/** Whether a search can find an entry of this state at all. */
export const isSearchable = (state: EntryState) => STATES.includes(state)

/** Behind all others come those that this node's policy hides, where no search looks. */
const HIDDEN = STATES.length * PERIODS

/** The smaller the better: how sure we are of it, then in which month it was last verified. Months, so that renewing often buys nothing. */
export function bandOf(state: EntryState, verifiedAt: Date, hidden = false): number {
  return (hidden ? HIDDEN : 0) + STATES.indexOf(state) * PERIODS + monthRank(verifiedAt.getTime())
}

/** A number that is smaller the later the month. @param time in milliseconds since 1970 */
export function monthRank(time: number): number {
  return PERIODS - 1 - Math.min(PERIODS - 1, Math.max(0, Math.floor(time / PERIOD)))
}

/** The same of when an entry was verified, which its id tells. */
export const monthRankOfId = (id: number) => bandOfId(id) % PERIODS

export const idIn = (band: number, number: number) => band * NUMBERS + number
export const bandOfId = (id: number) => Math.floor(id / NUMBERS)
export const numberOfId = (id: number) => id % NUMBERS
export const isHiddenId = (id: number) => bandOfId(id) >= HIDDEN
/** With whom an entry is counted. */
export const tierOfId = (id: number) => (id < SHOWN_END ? 'shown' : isHiddenId(id) ? 'hidden' : 'heard')

/** Ids of one state: from `first` to below `end`. */
export type IdRange = { first: number; end: number }

const SHOWN_END = idIn(2 * PERIODS, 0)

/** The ids a search looks at, parted by state, best first. */
export function rangesOf(include: 'shown' | 'all'): IdRange[] {
  return STATES.slice(0, include === 'all' ? 3 : 2).map((_, place) => ({
    first: idIn(place * PERIODS, 0),
    end: idIn((place + 1) * PERIODS, 0),
  }))
}

/** The same of those that the policy hides, as one range. */
export function hiddenRange(include: 'shown' | 'all'): IdRange {
  return { first: idIn(HIDDEN, 0), end: idIn(HIDDEN + (include === 'all' ? 3 : 2) * PERIODS, 0) }
}
