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

/** The smaller the better: how sure we are of it, then in which month it was last verified. Months, so that renewing often buys nothing. */
export function bandOf(state: EntryState, verifiedAt: Date): number {
  const period = Math.min(PERIODS - 1, Math.max(0, Math.floor(verifiedAt.getTime() / PERIOD)))
  return STATES.indexOf(state) * PERIODS + (PERIODS - 1 - period)
}

export const idIn = (band: number, number: number) => band * NUMBERS + number
export const bandOfId = (id: number) => Math.floor(id / NUMBERS)
export const numberOfId = (id: number) => id % NUMBERS
export const isShownId = (id: number) => id < SHOWN_END

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
