import type { Random } from '../../tests/helpers/random.ts'

export { type Random, randomNumbers } from '../../tests/helpers/random.ts'

export const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)]!

/** A place in a list as words of a language are used: the second half as often as the first, the third a third (Zipf). */
export const zipf = (random: Random, length: number): number =>
  Math.min(length - 1, Math.floor(Math.exp(random() * Math.log(length + 1)) - 1))

/** So many different ones. */
export function some<T>(random: Random, list: readonly T[], most: number): T[] {
  return [...new Set(Array.from({ length: 1 + Math.floor(random() * most) }, () => pick(random, list)))]
}
