import sharp from 'sharp'
import { charterOfHistory, historicCommunities } from '../../scripts/history.ts'
import { publishCharter } from '../../src/actions/charter.ts'
import { wearPicture } from '../../src/actions/media.ts'
import { needPledges } from '../../src/actions/pledge.ts'
import { publishPost } from '../../src/actions/post.ts'
import type { Context } from '../../src/context.ts'
import { saveEntry } from '../../src/db/directory.ts'
import { transact } from '../../src/db/open.ts'
import { Charter, publicCharter } from '../../src/domain/charter.ts'
import type { DirectoryEntry } from '../../src/domain/directory.ts'
import { readPicture } from '../../src/lib/picture.ts'

/** The community of the node that is shown: invented, forming, with everything a page can tell. */
export const FERN = Charter.parse({
  name: 'Fern Hollow',
  summary: 'A farm in the making on the edge of a small town: shared kitchen, own rooms, vegetables for forty people.',
  kind: ['ecovillage', 'farm_land_project'],
  theme: 'ecological',
  themes: ['ecological', 'left'],
  status: 'forming',
  startedPlanning: 2024,
  adults: 9,
  children: 4,
  openToMembers: 'yes',
  openToVisitors: 'by_arrangement',
  openToVolunteers: 'seasonal',
  place: { precision: 'locality', country: 'DE', region: 'Brandenburg', locality: 'Bad Belzig', latitude: 52.14, longitude: 12.59 },
  languages: ['de', 'en'],
  decisionMaking: ['consensus'],
  incomeSharing: 'partial',
  landOwner: ['community_association'],
  joinFee: { amount: 3000, currency: 'EUR' },
  regularFee: { amount: 420, currency: 'EUR', period: 'month' },
  sharedMeals: 'daily',
  diet: ['vegetarian'],
  setting: 'rural',
  membershipProcess: 'First **write** to us, then come for a week in summer. After a trial year everybody decides together.',
  visitorProcess: 'Visitors are welcome on the first weekend of a month.',
  agreements: [
    { title: 'Purpose', text: 'To live **together** from what the land gives, and to pass it on in a better state than we found it.' },
    { title: 'Money', text: 'Everybody pays by what they have. The books are open to all members.' },
    { title: 'Quarrels', text: 'Who has a quarrel speaks with the other first, then with a third.' },
  ],
})

const SECOND = Charter.parse({
  ...FERN,
  adults: 11,
  regularFee: { amount: 390, currency: 'EUR', period: 'month' },
  agreements: [
    FERN.agreements[0],
    { title: 'Money', text: 'Everybody pays by what they have, and says in January how much that is. The books are open to all members.' },
    { title: 'Quarrels', text: 'Who has a quarrel speaks with the other first, then with a third.' },
    { title: 'Animals', text: 'Hens, bees and two donkeys. No other animal is bought without a decision of all.' },
  ],
})

// Invented, and living: those of history are all disbanded.
const LIVING: Record<string, unknown>[] = [
  { name: 'Salt Marsh', summary: 'Boat builders and teachers on the estuary.', theme: 'left', kind: ['commune'], setting: 'rural', incomeSharing: 'full', adults: 24, children: 9, openToMembers: 'yes', openToVisitors: 'yes', diet: ['vegetarian'], place: { precision: 'exact', country: 'FR', region: 'Pays de la Loire', locality: 'Guérande', latitude: 47.33, longitude: -2.43 } },
  { name: 'Stella Maris', summary: 'Sisters who keep bees and the hours above the sea.', theme: 'spiritual', kind: ['monastic'], setting: 'rural', incomeSharing: 'full', adults: 14, openToMembers: 'waitlist', openToVisitors: 'by_arrangement', spiritualTraditions: ['catholic'], place: { precision: 'locality', country: 'PT', locality: 'Sines', latitude: 37.96, longitude: -8.87 } },
  { name: 'Werkhof', summary: 'Workshops below, forty flats above, one assembly.', theme: 'anarchist', kind: ['squat_social_centre'], setting: 'urban', incomeSharing: 'none', adults: 61, children: 12, openToMembers: 'yes', openToVisitors: 'yes', decisionMaking: ['consensus'], place: { precision: 'street', country: 'DE', region: 'Saxony', locality: 'Leipzig', street: 'Eisenbahnstraße', latitude: 51.345, longitude: 12.41 } },
  { name: 'Casa do Vale', summary: 'Terraces, a school and a festival every August.', theme: 'ecological', kind: ['ecovillage'], setting: 'rural', incomeSharing: 'none', adults: 33, children: 17, openToMembers: 'yes', openToVisitors: 'yes', regularFee: { amount: 250, currency: 'EUR', period: 'month' }, place: { precision: 'region', country: 'PT', region: 'Alentejo', latitude: 38.2, longitude: -7.9 } },
  { name: 'Freehold', summary: 'Each on their own land, the road and the mill together.', theme: 'right', kind: ['farm_land_project'], setting: 'rural', incomeSharing: 'none', adults: 18, openToMembers: 'no', openToVisitors: 'rarely', place: { precision: 'country', country: 'US' } },
  { name: 'قرية القمر', summary: 'قرية صغيرة في الجبل، بيوت من طين ومدرسة مشتركة.', theme: 'ecological', kind: ['ecovillage'], setting: 'rural', adults: 40, openToMembers: 'yes', openToVisitors: 'yes', languages: ['ar'], place: { precision: 'locality', country: 'MA', locality: 'شفشاون', latitude: 35.17, longitude: -5.27 } },
  { name: 'Elm Street', summary: 'Twelve flats and one garden.', theme: 'left', themes: ['left', 'ecological'], kind: ['cohousing'], setting: 'urban', incomeSharing: 'none', adults: 20, children: 11, openToMembers: 'waitlist', openToVisitors: 'by_arrangement', sharedMeals: 'weekly', place: { precision: 'hidden' } },
] // biome-ignore format: a row each

/** An entry as this node would have it from somebody it follows. */
export function heardOf(charter: Charter, host: string, now: Date): DirectoryEntry {
  const handle = charter.name.normalize('NFKD').toLowerCase().replace(/[^a-z0-9]+/g, '').slice(0, 30) || 'community' // biome-ignore format: one chain
  const actor = `https://${host}/c/${handle}`
  return { actor, host, handle, url: actor, edition: 1, source: 'follow', publishedAt: now, verifiedAt: now, state: 'confirmed', expiresAt: null, record: 0, charter: publicCharter(charter) } // biome-ignore format: a row
}

/** Fills a node whose community is Fern Hollow: a second edition, posts, a number of pledges to reach, and a directory. */
export function fillShow(ctx: Context): void {
  const now = ctx.now()
  publishCharter(ctx, SECOND)
  needPledges(ctx, 20)
  publishPost(ctx, 'The roof of the barn is on. Haymaking on Saturday: bring a rake.')
  publishPost(ctx, 'Two rooms are free from March. Write to us!')
  const living = LIVING.map(
    (charter, n) =>
    heardOf(Charter.parse({ status: 'established', startedLivingTogether: 1978 + 6 * n, agreements: [{ title: 'Purpose', text: 'To live together.' }], ...charter }), `living-${n}.example`, now), // biome-ignore format: a row
  )
  const history = historicCommunities().map((community, n) => heardOf(charterOfHistory(community), `history-${n}.example`, now))
  transact(ctx.db, tx => {
    for (const entry of [...living, ...history]) saveEntry(tx, entry)
  })
}

const HILLS =
  '<path fill="#6b8f71" d="M0 200Q150 60 330 190T700 150T1200 180V400H0z"/><path fill="#2f5d50" d="M0 290Q260 170 520 280T1200 250V400H0z"/>'
const FROND =
  '<path fill="none" stroke="#f8f5ec" stroke-width="14" stroke-linecap="round" d="M200 350Q190 200 230 60M198 270L90 200M202 270L310 215M205 190L130 130M208 190L290 140"/>'

/** The pictures of Fern Hollow: hills above its page, and a leaf. */
export async function giveFaces(ctx: Context): Promise<void> {
  const drawn = async (width: number, ground: string, lines: string) => {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="400"><rect width="${width}" height="400" fill="${ground}"/>${lines}</svg>`
    return readPicture(await sharp(Buffer.from(svg)).png().toBuffer())
  }
  wearPicture(ctx, 'header', await drawn(1200, '#cfe3e6', HILLS), 'Two rows of wooded hills under a clear sky')
  wearPicture(ctx, 'avatar', await drawn(400, '#2f5d50', FROND), 'A fern leaf')
}
