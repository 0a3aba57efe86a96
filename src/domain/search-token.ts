import { fold } from '../lib/fold.ts'
import { type Box, longitudes, type Point } from '../lib/geo.ts'

// What a search knows an entry by. A token is a word, or holds a `=`, which no word does: `kind=commune` for a value, `=oak` for a word
// of the name, `b=1f` for a cell of the map.

const WORD = /[\p{L}\p{N}\p{M}\p{Co}]+/gu
const LETTER = /[\p{L}\p{N}]/u
/** Scripts that put no spaces between words. Pairs of their characters take the place of words. */
const UNSPACED =
  /[\p{scx=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]+/gu
const HAS_UNSPACED = new RegExp(UNSPACED.source, 'u')
/** None of them has a letter before these: most words need no closer look, which takes long. */
const MAY_BE_UNSPACED = /[\u0e00-\uffff]/
const ASCII = /^[\0-\x7f]*$/
// Marks that readers of Arabic and Hebrew leave out when they write, and the line that only makes a word longer.
const VOWEL_MARKS = /[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]/g
const SAME: Record<string, string> = { أ: 'ا', إ: 'ا', آ: 'ا', ٱ: 'ا', ى: 'ي', ة: 'ه', ё: 'е', ґ: 'г', 'ک': 'ك', 'ی': 'ي' } // biome-ignore format: a row
const LONGEST_WORD = 64

/** The words of a text as they are compared: folded, in the order in which they stand. @returns a run of an unspaced script as one word */
export function cutWords(text: string): string[] {
  const plain = ASCII.test(text) ? text.toLowerCase() : foldMore(text)
  const words: string[] = []
  for (const [word] of plain.matchAll(WORD)) {
    if (!isUnspaced(word)) {
      if (LETTER.test(word)) words.push(word.slice(0, LONGEST_WORD))
      continue
    }
    let end = 0
    for (const run of word.matchAll(UNSPACED)) {
      if (run.index > end) words.push(word.slice(end, run.index))
      words.push(run[0].slice(0, LONGEST_WORD))
      end = run.index + run[0].length
    }
    if (end < word.length) words.push(word.slice(end))
  }
  return words
}

function foldMore(text: string): string {
  return fold(text.normalize('NFKC'))
    .replace(VOWEL_MARKS, '')
    .replace(/[أإآٱىةёґکی]/g, letter => SAME[letter] ?? letter)
}

export const isUnspaced = (word: string) => MAY_BE_UNSPACED.test(word) && HAS_UNSPACED.test(word)

/** A word as the index keeps it: as it is, or, of an unspaced script, every two neighbours, then the last character by itself. */
export function tokensOf(word: string): string[] {
  if (!isUnspaced(word)) return [word]
  const letters = [...word]
  return letters.map((letter, place) => letter + (letters[place + 1] ?? ''))
}

/** A word as it is looked for. @returns tokens that must follow one another */
export function soughtTokens(word: string): string[] {
  const tokens = tokensOf(word)
  return tokens.length > 1 ? tokens.slice(0, -1) : tokens
}

export const nameToken = (word: string) => `=${word}`
export const valueToken = (field: string, value: string) => `${field}=${value}`.toLowerCase().replace(/[^a-z0-9=_]/g, '_')

/** Cells of the map from the coarsest to the finest: a letter, and so many cells in 16 degrees. */
const GRIDS = [['a', 1], ['b', 4], ['c', 16], ['d', 64]] as const // biome-ignore format: a row
type Grid = (typeof GRIDS)[number]
/** Asking for more cells than this at once costs more than looking at what lies beside. */
const MOST_CELLS = 20
const columns = ([, fineness]: Grid) => 23 * fineness

/** The tokens of the cells a place lies in, one of each size. */
export function cellTokens({ latitude, longitude }: Point): string[] {
  return ['place=', ...GRIDS.map(grid => cell(grid, rowOf(grid, latitude), columnOf(grid, longitude)))]
}

/** Tokens of cells that cover a box together, as few and as fine as may be. */
export function coverTokens(box: Box): string[] {
  for (const grid of [...GRIDS].reverse()) {
    const [south, north] = [rowOf(grid, box.south), rowOf(grid, box.north)]
    const stretches = longitudes(box).map(([west, east]) => [columnOf(grid, west), columnOf(grid, east)] as const)
    const wide = stretches.reduce((sum, [west, east]) => sum + east - west + 1, 0)
    if ((north - south + 1) * wide > (grid[1] === 1 ? 2 * MOST_CELLS : MOST_CELLS)) continue
    const cells = new Set<string>()
    for (let row = south; row <= north; row++)
      for (const [west, east] of stretches) for (let column = west; column <= east; column++) cells.add(cell(grid, row, column))
    return [...cells]
  }
  return ['place=']
}

const rowOf = ([, fineness]: Grid, latitude: number) => Math.floor(((Math.min(latitude, 89.9999) + 90) / 16) * fineness)
const columnOf = ([, fineness]: Grid, longitude: number) => Math.floor(((longitude + 180) / 16) * fineness)
const cell = (grid: Grid, row: number, column: number) => `${grid[0]}=${(row * columns(grid) + column).toString(36)}`
