/** The word of `words` that was probably meant, or undefined if none is near. Case and the mark between words don't count. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const wanted = plain(word)
  if (!wanted || wanted.length > 60) return undefined
  let best: string | undefined
  // One letter in three may be wrong, and one in any case.
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1
  for (const candidate of words) {
    const far = distance(wanted, plain(candidate))
    if (far < least) [best, least] = [candidate, far]
  }
  return best
}

function plain(word: string): string {
  return word.toLowerCase().replace(/[\s_-]+/g, '')
}

// Levenshtein's distance, where two neighbours in the wrong order count once. Row by row, with the last two kept.
function distance(a: string, b: string): number {
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      const swapped =
        a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (before[j - 2] ?? Number.POSITIVE_INFINITY) + 1 : Number.POSITIVE_INFINITY
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + same, swapped))
    }
    before = row
    row = next
  }
  return row[b.length]!
}
