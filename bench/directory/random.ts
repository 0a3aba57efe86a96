/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export type Random = () => number

export function randomNumbers(seed: number): Random {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

export const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)]!

/** A place in a list as words of a language are used: the second half as often as the first, the third a third (Zipf). */
export const zipf = (random: Random, length: number): number =>
  Math.min(length - 1, Math.floor(Math.exp(random() * Math.log(length + 1)) - 1))

/** So many different ones. */
export function some<T>(random: Random, list: readonly T[], most: number): T[] {
  return [...new Set(Array.from({ length: 1 + Math.floor(random() * most) }, () => pick(random, list)))]
}
