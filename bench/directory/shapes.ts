import { inventor } from './communities.ts'
import { pick, type Random } from './random.ts'
import { lexicons } from './words.ts'

export type Shape = { name: string; common: boolean; make: (random: Random) => Record<string, string> }

/** What people ask a directory, each shape with ever other words and places. `common` ones are promised faster. */
export function shapesOf(count: number): Shape[] {
  const invent = inventor(count)
  const [english, spanish] = lexicons(count).map(({ lexicon }) => lexicon.words) as [string[], string[]]
  const someone = (random: Random) => invent(Math.floor(random() * count))
  const frequent = (random: Random) => pick(random, english.slice(0, 60))
  const middling = (random: Random) => pick(random, spanish.slice(300, 3000))
  const rare = (random: Random) => pick(random, english.slice(-Math.floor(english.length / 2)))
  const somewhere = (random: Random) => {
    for (;;) {
      const { place } = someone(random).charter
      if (place?.latitude !== undefined && place.longitude !== undefined) return { latitude: place.latitude, longitude: place.longitude }
    }
  }
  const near = (random: Random, within: number) => {
    const { latitude, longitude } = somewhere(random)
    return { near: `${latitude},${longitude}`, within: String(within) }
  }
  const box = (random: Random, size: number) => {
    const { latitude, longitude } = somewhere(random)
    const round = (degrees: number) => degrees.toFixed(2)
    const west = longitude - size / 2 < -180 ? longitude - size / 2 + 360 : longitude - size / 2
    const east = longitude + size / 2 > 180 ? longitude + size / 2 - 360 : longitude + size / 2
    return { bbox: [west, Math.max(-90, latitude - size / 2), east, Math.min(90, latitude + size / 2)].map(round).join(',') }
  }
  const themes = ['left', 'anarchist', 'spiritual', 'ecological', 'feminist', 'education', 'arts']
  const typo = (word: string) => `${word.slice(0, 2)}${word.slice(3)}`
  const long = (random: Random, list: string[]) =>
    pick(
      random,
      list.filter(word => word.length >= 8),
    )
  const twoOf = (words: string) => words.split(' ').slice(2, 4).join(' ')
  return [
    { name: 'rare word', common: true, make: r => ({ q: rare(r) }) },
    { name: 'middling word', common: true, make: r => ({ q: middling(r) }) },
    { name: 'common word', common: true, make: r => ({ q: frequent(r) }) },
    { name: 'two common words', common: true, make: r => ({ q: `${frequent(r)} ${frequent(r)}` }) },
    { name: 'beginning of a word', common: true, make: r => ({ q: pick(r, english.slice(60, 4000)).slice(0, 3 + Math.floor(r() * 3)) }) },
    { name: 'name', common: true, make: r => ({ q: someone(r).charter.name }) },
    { name: 'synonym', common: true, make: r => ({ q: pick(r, ['comuna', 'monasterio', 'kommune', 'ökodorf', 'écovillage', 'gaztetxe', 'granja', '修道院']) }) },
    { name: 'no words, by name', common: true, make: () => ({}) },
    { name: 'one filter', common: true, make: r => ({ theme: pick(r, themes) }) },
    { name: 'word, theme, country', common: true, make: r => ({ q: frequent(r), theme: pick(r, themes), country: pick(r, ['ES', 'DE', 'US', 'FR']) }) },
    { name: 'nearest', common: true, make: r => near(r, 20_000) },
    { name: 'within 50 km', common: true, make: r => near(r, 50) },
    { name: 'box of 2 degrees, theme', common: true, make: r => ({ ...box(r, 2), theme: pick(r, themes) }) },
    { name: 'box of 40 degrees', common: false, make: r => box(r, 40) },
    { name: 'common word within 200 km', common: false, make: r => ({ ...near(r, 200), q: frequent(r) }) },
    { name: 'phrase', common: false, make: r => ({ q: `"${twoOf(someone(r).charter.summary)}"` }) },
    { name: 'mistyped word', common: false, make: r => ({ q: `${typo(long(r, english.slice(100)))} ` }) },
    { name: 'five filters', common: false, make: r => ({ kind: 'commune,ecovillage', status: 'established', decisionMaking: 'consensus', incomeSharing: 'full,partial', setting: 'rural', theme: pick(r, themes) }) },
    { name: 'common word, newest', common: false, make: r => ({ q: frequent(r), sort: 'newest' }) },
    { name: 'middling word, verified', common: false, make: r => ({ q: middling(r), sort: 'verified' }) },
    { name: 'Chinese, Arabic', common: false, make: r => ({ q: pick(r, ['森林', '花园 村', 'قرية', 'حديقة', '京都', 'אדמה']) }) },
  ] // biome-ignore format: a shape a row
}
