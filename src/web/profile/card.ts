import { createHash } from 'node:crypto'
import type { DirectoryEntry } from '../../domain/directory.ts'
import { paletteImage } from '../../lib/png.ts'

type Colour = [red: number, green: number, blue: number]
type Island = { x: number; y: number; radius: number; stretch: number }

export const CARD = { width: 1200, height: 630 }
/** Heights are made for every eighth pixel, and run evenly between. */
const STEP = 8
const COLUMNS = Math.ceil(CARD.width / STEP) + 1
const ROWS = Math.ceil(CARD.height / STEP) + 1
/** From the deep to the summit: where one band ends and the next begins. */
const SEA = [-0.75, -0.35] as const
const LAND = [0.28, 0.52] as const
const MOST_THEMES = 5
const PAPER: Colour = [248, 245, 236]
const WATER: Colour[] = [
  [198, 219, 224],
  [214, 230, 231],
  [230, 240, 237],
]
const GRID: Colour = [184, 207, 212]
const INK: Colour = [35, 33, 28]
const FIXED = [...WATER, GRID, INK, PAPER]
const [GRID_AT, INK_AT, PAPER_AT] = [3, 4, 5]

/**
 * The picture of a community where its page is linked from: an archipelago, an island for each of its themes, the main one in the
 * middle. It has no words, which stand beside it in every script, and follows from the address alone: it tells nothing of the place.
 * @param accents the colour of each theme
 */
export function drawCard({ actor, charter }: Pick<DirectoryEntry, 'actor' | 'charter'>, accents: ReadonlyMap<string, Colour>): Buffer {
  const themes = charter.themes.slice(0, MOST_THEMES)
  const random = numbersFrom(actor)
  const islands = themes.map((_, rank) => islandOf(rank, themes.length, random))
  const noise = noiseFrom(random)
  const palette = [...FIXED, ...themes.flatMap(theme => tones(accents.get(theme) ?? [95, 91, 82]))]
  const { heights, owners } = relief(islands, noise)
  return paletteImage(CARD.width, frame(paint(heights, owners)), palette)
}

/** The accents of the themes by day, as the stylesheet has them. */
export function accentsIn(css: string): Map<string, Colour> {
  const found = css.matchAll(/\.theme-([a-z_]+) \{[^}]*--day: #([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})/g)
  return new Map(Array.from(found, ([, theme = '', ...parts]) => [theme, parts.map(part => Number.parseInt(part, 16)) as Colour]))
}

function islandOf(rank: number, of: number, random: () => number): Island {
  const stretch = 0.75 + random() * 0.5
  if (rank === 0) return { x: 600 + (random() - 0.5) * 160, y: 315 + (random() - 0.5) * 60, radius: 175 + random() * 45, stretch }
  const angle = ((rank + random() * 0.5) / Math.max(1, of - 1)) * 2 * Math.PI
  return { x: 600 + Math.cos(angle) * 410, y: 315 + Math.sin(angle) * 175, radius: 70 + random() * 50, stretch }
}

function relief(islands: readonly Island[], noise: (x: number, y: number) => number) {
  const heights = new Float32Array(COLUMNS * ROWS)
  const owners = new Uint8Array(COLUMNS * ROWS)
  for (let row = 0; row < ROWS; row++)
    for (let column = 0; column < COLUMNS; column++) {
      const [x, y] = [column * STEP, row * STEP]
      const rough = noise(x / 190, y / 190) * 0.9 + noise(x / 70 + 40, y / 70) * 0.4 + noise(x / 26, y / 26 + 70) * 0.14 - 0.72
      let [best, second, owner] = [-9, -9, 0]
      islands.forEach((island, rank) => {
        const far = Math.hypot((x - island.x) * island.stretch, y - island.y) / island.radius
        const height = Math.max(-1.3, 1 - far) + rough
        if (height > best) [best, second, owner] = [height, best, rank]
        else if (height > second) second = height
      })
      // Between two islands there is a strait.
      heights[row * COLUMNS + column] = best > 0 ? Math.min(best, Math.max(-0.2, 1.3 * (best - second) - 0.09)) : best
      owners[row * COLUMNS + column] = owner
    }
  return { heights, owners }
}

function paint(heights: Float32Array, owners: Uint8Array): Uint8Array {
  const { width, height } = CARD
  const bands = new Uint8Array(width * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = Math.floor(y / STEP) * COLUMNS + Math.floor(x / STEP)
      const [right, down] = [(x % STEP) / STEP, (y % STEP) / STEP]
      const top = heights[at]! * (1 - right) + heights[at + 1]! * right
      const bottom = heights[at + COLUMNS]! * (1 - right) + heights[at + COLUMNS + 1]! * right
      bands[y * width + x] = bandOf(top * (1 - down) + bottom * down, owners[at]!)
    }
  const pixels = bands.slice()
  for (let y = 1; y < height; y++)
    for (let x = 1; x < width; x++) {
      const at = y * width + x
      const [band, left, above] = [bands[at]!, bands[at - 1]!, bands[at - width]!]
      const inWater = band < 3
      if (inWater !== left < 3 || inWater !== above < 3) {
        pixels[at] = INK_AT
        pixels[at - 1] = INK_AT
      } else if (inWater && (band !== left || band !== above || x % 150 === 0 || y % 150 === 15)) pixels[at] = GRID_AT
    }
  return pixels
}

function bandOf(height: number, owner: number): number {
  if (height < 0) return height < SEA[0] ? 0 : height < SEA[1] ? 1 : 2
  return FIXED.length + owner * 3 + (height < LAND[0] ? 0 : height < LAND[1] ? 1 : 2)
}

// Two lines round the sheet, as round every sheet of this atlas.
function frame(pixels: Uint8Array): Uint8Array {
  const { width, height } = CARD
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const edge = Math.min(x, y, width - 1 - x, height - 1 - y)
      if (edge < 18 || (edge >= 24 && edge < 27)) pixels[y * width + x] = edge >= 24 ? INK_AT : PAPER_AT
      else if (edge < 20) pixels[y * width + x] = INK_AT
      else if (edge < 24) pixels[y * width + x] = PAPER_AT
    }
  return pixels
}

/** Lowland, upland and summit of one colour. */
function tones(colour: Colour): Colour[] {
  return [0.42, 0.24, 0].map(light => colour.map((part, place) => Math.round(part + (PAPER[place]! - part) * light)) as Colour)
}

function numbersFrom(seed: string): () => number {
  let state = createHash('sha256').update(seed).digest().readUInt32BE()
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** Smooth numbers from 0 to 1 over a plane. */
function noiseFrom(random: () => number): (x: number, y: number) => number {
  const lattice = Float32Array.from({ length: 128 * 128 }, random)
  const value = (column: number, row: number) => lattice[(row & 127) * 128 + (column & 127)]!
  const smooth = (part: number) => part * part * (3 - 2 * part)
  return (x, y) => {
    const [column, row] = [Math.floor(x), Math.floor(y)]
    const [right, down] = [smooth(x - column), smooth(y - row)]
    const top = value(column, row) * (1 - right) + value(column + 1, row) * right
    const bottom = value(column, row + 1) * (1 - right) + value(column + 1, row + 1) * right
    return top * (1 - down) + bottom * down
  }
}
