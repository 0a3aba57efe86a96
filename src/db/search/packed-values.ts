// The facet values of an entry as one short text: for each value the character of its number.

const FIRST = 33
/** Behind it come characters that are halves of others. A value with a greater number can be searched for, but is not counted. */
const LAST = 0xd7ff

export const isPacked = (number: number) => FIRST + number <= LAST

export function packValue(number: number): string {
  return isPacked(number) ? String.fromCharCode(FIRST + number) : ''
}

/** Calls back with the number of each value of an entry. */
export function eachValue(packed: string, call: (number: number) => void): void {
  for (let place = 0; place < packed.length; place++) {
    const number = packed.charCodeAt(place) - FIRST
    if (number >= 0) call(number)
  }
}

/** The numbers of the values of one entry, each with how often it is there. */
export function unpackValues(packed: string): Map<number, number> {
  const counts = new Map<number, number>()
  eachValue(packed, number => counts.set(number, (counts.get(number) ?? 0) + 1))
  return counts
}
