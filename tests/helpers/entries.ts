import { saveEntry } from '../../src/db/directory.ts'
import { type Connection, openDatabase } from '../../src/db/open.ts'
import { Charter, publicCharter } from '../../src/domain/charter.ts'
import type { DirectoryEntry } from '../../src/domain/directory.ts'
import { KINDS, OPEN_TO_MEMBERS, OPEN_TO_VISITORS, STATUSES, THEMES } from '../../src/domain/vocabulary.ts'
import { randomNumbers } from './random.ts'

type Plan = Partial<Omit<DirectoryEntry, 'charter'>> & { charter?: Record<string, unknown> }

/** An entry of a community at its own node, valid whatever is left out. The handle follows the name. */
export function anEntry({ charter = {}, ...rest }: Plan = {}): DirectoryEntry {
  const document = publicCharter(
    Charter.parse({
      name: 'Brook Farm',
      summary: 'A farm and a school.',
      kind: ['commune'],
      theme: 'left',
      status: 'disbanded',
      disbanded: 1847,
      ...charter,
    }),
  )
  const handle =
    rest.handle ??
    (document.name
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '')
      .slice(0, 30) ||
      'community')
  const host = rest.host ?? `${handle}.test`
  return {
    actor: `https://${host}/c/${handle}`,
    host,
    handle,
    url: `https://${host}/c/${handle}`,
    edition: 1,
    source: 'follow',
    publishedAt: new Date('2026-01-01T00:00:00Z'),
    verifiedAt: new Date('2026-01-02T00:00:00Z'),
    state: 'confirmed',
    expiresAt: null,
    record: 0,
    ...rest,
    charter: document,
  }
}

/** A fresh directory that holds these entries. */
export function directoryOf(entries: Iterable<DirectoryEntry>): Connection {
  const db = openDatabase(':memory:')
  saveAll(db, entries)
  return db
}

export function saveAll(db: Connection, entries: Iterable<DirectoryEntry>): void {
  db.transaction(tx => {
    for (const entry of entries) saveEntry(tx, entry)
  })
}

const SYLLABLES = 'al an bel dor en fa ga har il ka lo ma mi na or pe ra sa ta tor ul va wen yo ze'.split(' ')
const COMMON =
  'community land members work decide together share house garden meals children guests garden consensus meeting year income common'.split(
    ' ',
  )
const CENTRES = [[40, -3, 'ES'], [52, 13, 'DE'], [38, -78, 'US'], [31, 35, 'IL'], [-38, 145, 'AU'], [46, 7, 'CH'], [19, 73, 'IN'], [55, -4, 'GB']] as const // biome-ignore format: a row

/** The same entries for the same seed, with frequent words, rare words, and places that crowd together. */
export function* manyEntries(count: number, seed = 1): Generator<DirectoryEntry> {
  const random = randomNumbers(seed)
  const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)]!
  const rare = Array.from({ length: 4000 }, () => Array.from({ length: 2 + Math.floor(random() * 3) }, () => pick(SYLLABLES)).join(''))
  // The cube crowds the choice at the front of the list, as words of a language do.
  const word = () => (random() < 0.2 ? pick(COMMON) : rare[Math.floor(random() ** 3 * rare.length)]!)
  const words = (length: number) => Array.from({ length }, word).join(' ')
  for (let number = 1; number <= count; number++) {
    const [latitude, longitude, country] = pick(CENTRES)
    const spread = () => (random() + random() - 1) * 6
    const theme = pick(THEMES)
    const name = `${word()} ${word()}`
    yield anEntry({
      host: `n${number}.test`,
      handle: 'c',
      publishedAt: new Date(Date.UTC(2025, 0, 1 + (number % 365))),
      charter: {
        name: `${name.charAt(0).toUpperCase()}${name.slice(1)} ${number}`,
        summary: `A community of ${words(20)}.`,
        kind: [pick(KINDS)],
        theme,
        themes: [...new Set([theme, pick(THEMES), pick(THEMES)])],
        status: pick(STATUSES),
        disbanded: 2020,
        openToMembers: pick(OPEN_TO_MEMBERS),
        openToVisitors: pick(OPEN_TO_VISITORS),
        languages: [pick(['en', 'es', 'de']), pick(['fr', 'it', 'pt-BR'])],
        place: { precision: 'exact', country, latitude: latitude + spread(), longitude: longitude + spread() },
        agreements: [{ title: words(4), text: words(300) }],
      },
    })
  }
}
