// The facet values of an entry as one text: for each value the character of its number. Thousands of entries can so be read as one text
// and counted in one pass, which takes a tenth of the time of rows.

const FIRST = 33
/** Behind it come characters that are halves of others. A value with a greater number can be searched for, but is not counted. */
const LAST = 0xd7ff

export function packValue(number: number): string {
  return FIRST + number > LAST ? '' : String.fromCharCode(FIRST + number)
}

/** The numbers of the values of one entry, each with how often it is there. */
export function unpackValues(packed: string): Map<number, number> {
  const counts = new Map<number, number>()
  for (let place = 0; place < packed.length; place++) {
    const number = packed.charCodeAt(place) - FIRST
    if (number >= 0) counts.set(number, (counts.get(number) ?? 0) + 1)
  }
  return counts
}

/** How often each value occurs in the packed values of many entries: `counts[number]`. @param most the greatest number there is */
export function countPacked(packed: string, most: number): Uint32Array {
  const seen = new Uint32Array(FIRST + most + 1)
  for (let place = 0; place < packed.length; place++) seen[packed.charCodeAt(place)]!++
  return seen.subarray(FIRST)
}
