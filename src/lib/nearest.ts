import { lettersApart } from './letters-apart.ts'

/** The word of `words` that was probably meant, or undefined if none is near. Case and the mark between words don't count. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const wanted = plain(word)
  if (!wanted || wanted.length > 60) return undefined
  let best: string | undefined
  // One letter in three may be wrong, and one in any case.
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1
  for (const candidate of words) {
    const far = lettersApart(wanted, plain(candidate))
    if (far < least) [best, least] = [candidate, far]
  }
  return best
}

function plain(word: string): string {
  return word.toLowerCase().replace(/[\s_-]+/g, '')
}
