import type { Charter } from '../../src/domain/charter.ts'
import type { EntryState } from '../../src/domain/entry.ts'
import { VOCABULARY } from '../../src/domain/vocabulary.ts'
import { chooser, pointNear, towns } from './places.ts'
import { pick, type Random, randomNumbers, some, zipf } from './random.ts'
import { type Lexicon, lexicons } from './words.ts'

/** A community that nobody lives in. The same number is always the same community. */
export type Invented = {
  number: number
  host: string
  handle: string
  charter: Charter
  state: EntryState
  publishedAt: Date
  verifiedAt: Date
}

const NOW = Date.UTC(2026, 10, 1)
const DAY = 24 * 3_600_000

/** @param count how many there will be in all: the more, the more words they know */
export function inventor(count: number): (number: number) => Invented {
  const tongue = chooser(lexicons(count).map(({ lexicon, share }) => ({ item: lexicon, weight: share })))
  const town = chooser(towns().map(({ town, weight }) => ({ item: town, weight })))
  return number => {
    const random = randomNumbers(number * 2654435761)
    const lexicon = tongue(random)
    const where = town(random)
    const exact = random() < 0.2
    const state = random()
    return {
      number,
      host: `c${number.toString(36)}.example`,
      handle: `c${number.toString(36)}`,
      state: state < 0.1 ? 'vouched' : state < 0.92 ? 'confirmed' : 'heard',
      publishedAt: new Date(NOW - Math.floor(random() * 1500) * DAY - Math.floor(random() * DAY)),
      verifiedAt: new Date(NOW - Math.floor(random() * 120) * DAY - Math.floor(random() * DAY)),
      charter: {
        ...inventedCharter(random, lexicon),
        ...(random() < 0.92 ? { place: { precision: exact ? 'exact' : 'locality', ...where, ...pointNear(random, where, exact) } } : {}),
      },
    }
  }
}

function inventedCharter(random: Random, lexicon: Lexicon): Charter {
  const theme = weighted(random, VOCABULARY.theme)
  const name = text(random, lexicon, 2 + Math.floor(random() * 2), 40)
  return {
    name: `${name.charAt(0).toUpperCase()}${name.slice(1)}`.slice(0, 100),
    summary: text(random, lexicon, 25 + Math.floor(random() * 30), 0).slice(0, 500),
    kind: [...new Set([weighted(random, VOCABULARY.kind), ...(random() < 0.3 ? [weighted(random, VOCABULARY.kind)] : [])])],
    theme,
    themes: [...new Set([theme, ...(random() < 0.6 ? some(random, VOCABULARY.theme, 3) : [])])],
    status: weighted(random, ['established', 'forming', 'idea', 're_forming', 'dormant']),
    languages: [...new Set([lexicon.tag, ...(random() < 0.5 ? ['en'] : [])])],
    openToMembers: pick(random, VOCABULARY.openToMembers),
    openToVisitors: pick(random, VOCABULARY.openToVisitors),
    openToVolunteers: pick(random, VOCABULARY.openToVolunteers),
    decisionMaking: some(random, VOCABULARY.decisionMaking, 2),
    leadership: pick(random, VOCABULARY.leadership),
    incomeSharing: weighted(random, VOCABULARY.incomeSharing),
    economy: some(random, VOCABULARY.economy, 2),
    landOwner: [weighted(random, VOCABULARY.landOwner)],
    spiritualTraditions: [weighted(random, VOCABULARY.spiritualTraditions)],
    orientationPolitical: [pick(random, VOCABULARY.orientationPolitical)],
    setting: weighted(random, VOCABULARY.setting),
    housing: some(random, VOCABULARY.housing, 2),
    sharedMeals: pick(random, VOCABULARY.sharedMeals),
    diet: some(random, VOCABULARY.diet, 2),
    alcohol: pick(random, VOCABULARY.alcohol),
    adults: 2 + Math.floor(random() ** 3 * 200),
    agreements: [],
  }
}

const weighted = <T>(random: Random, list: readonly T[]): T => list[zipf(random, list.length)]!

/** @param rare how much of the most used words to leave out: names are not made of articles */
function text(random: Random, { words, joined }: Lexicon, length: number, rare: number): string {
  const from = Math.min(rare, words.length >> 2)
  const all = Array.from({ length }, () => words[from + zipf(random, words.length - from)]!)
  return all.join(joined ? '' : ' ')
}
