import fc from 'fast-check'
import t from 'tap'
import type { Connection } from '../src/db/open.ts'
import { searchDirectory } from '../src/db/search.ts'
import type { DirectoryEntry, SearchResult } from '../src/domain/directory.ts'
import { readDirectoryQuery } from '../src/domain/directory-query.ts'
import { Refusal } from '../src/domain/refusal.ts'
import { anEntry, directoryOf, manyEntries, saveAll } from './helpers/entries.ts'

const search = (db: Connection, parameters: Record<string, unknown>) => searchDirectory(db, readDirectoryQuery(parameters))
const names = ({ items }: SearchResult) => items.map(({ charter }) => charter.name)
const found = (db: Connection, parameters: Record<string, unknown>) => names(search(db, parameters))
const called = (name: string, charter: Record<string, unknown> = {}) => anEntry({ charter: { name, ...charter } })
const at = (name: string, latitude: number, longitude: number, precision = 'exact') =>
  called(name, { place: { precision, latitude, longitude } })

t.test('words are found wherever a charter says them', async t => {
  const db = directoryOf([
    anEntry({
      host: 'node.brook.test:8443',
      handle: 'brook_farm_1841',
      charter: {
        name: 'Brook Farm',
        summary: 'A school on a dairy.',
        kind: ['squat_social_centre'],
        theme: 'antiracist',
        themes: ['care'],
        place: { precision: 'locality', country: 'ES', region: 'Aragón', locality: 'Huesca' },
        languages: ['eu', 'pt-BR'],
        agreements: [{ title: 'Of the kitchen', text: 'Everybody **washes** up.' }],
        visitorProcess: 'Ring the bell.',
        affiliations: [{ name: 'Transcendental Club' }],
      },
    }),
    called('Fruitlands', { summary: 'Elsewhere.' }),
  ])
  const queries = [
    'brook',
    'DAIRY',
    'kitchen',
    'washes',
    'bell',
    'transcendental club',
    'social centre',
    'anti-racist',
    'mutual aid',
  ].concat(['spain', 'huesca', 'basque', 'portuguese', 'brook_farm_1841', 'node.brook.test'])
  for (const q of queries) t.same(found(db, { q }), ['Brook Farm'], q)
  t.same(found(db, { q: 'washes sheep' }), [], 'every word must occur')
})

t.test('accents, case and letters of other keyboards make no difference', async t => {
  const db = directoryOf([called('Łódź Straße'), called('Aragon'), called('Ökodorf Aragón'), called('Ærø Ø'), called('Ελλάς')])
  const queries: [q: string, names: string[]][] = [
    ['lodz', ['Łódź Straße']],
    ['ŁÓDŹ', ['Łódź Straße']],
    ['strasse', ['Łódź Straße']],
    ['aragon', ['Aragon', 'Ökodorf Aragón']],
    ['ARAGO\u0301N', ['Aragon', 'Ökodorf Aragón']],
    ['oekodorf', []],
    ['okodorf', ['Ökodorf Aragón']],
    ['aero', ['Ærø Ø']],
    ['ελλας', ['Ελλάς']],
  ]
  for (const [q, names] of queries) t.same(found(db, { q, sort: 'name' }), names, q)
})

t.test('the last word may be the beginning of one', async t => {
  const db = directoryOf([called('Haymaking at Sea'), called('Hay on Wye'), called('京都の村')])
  t.same(found(db, { q: 'hay', sort: 'name' }), ['Hay on Wye', 'Haymaking at Sea'])
  t.same(found(db, { q: 'hay se' }), [], 'two letters begin too much, so they are a word')
  t.same(found(db, { q: 'at hay' }), ['Haymaking at Sea'])
  t.same(found(db, { q: 'hay at' }), [], 'only the last one')
  t.same(found(db, { q: '京都' }), ['京都の村'])
})

t.test('words in quotes stand together, as they are', async t => {
  const db = directoryOf([
    called('A', { summary: 'Bread and roses for all.' }),
    called('B', { summary: 'Roses and bread.' }),
    called('C', { summary: 'Bread', place: { country: 'ES', region: 'And Roses' } }),
    called('D', { summary: 'Breads and roses.' }),
  ])
  t.same(found(db, { q: '"bread and roses"', sort: 'name' }), ['A'], 'not across places of a charter, nor unfinished, nor mended')
  t.same(found(db, { q: '"bread and roses" all' }), ['A'])
  t.same(found(db, { q: '"BREAD  and" -', sort: 'name' }), ['A'])
  t.same(found(db, { q: 'bread and roses', sort: 'name' }), ['A', 'B', 'C'])
  t.same(found(db, { q: '"bread and roses', sort: 'name' }), ['A', 'B', 'C'], 'a quotation mark without its like is nothing')
})

t.test('a slip of the pen is forgiven where nobody writes so', async t => {
  const db = directoryOf([called('Windmill'), called('Orchard'), called('Sunflower Meadow'), called('Wood'), called('Wold')])
  const cases: [q: string, names: string[]][] = [
    ['orhcard', ['Orchard']],
    ['orchrd ', ['Orchard']],
    ['orchyard', ['Orchard']],
    ['windmil meadow', []],
    ['sunflowr medow', ['Sunflower Meadow']],
    ['snuflower', ['Sunflower Meadow']],
    ['wold', ['Wold']],
    ['wod', []],
    ['"orhcard"', []],
  ]
  for (const [q, names] of cases) t.same(found(db, { q }), names, q)
})

t.test('what a kind, a theme, a country is called in other languages finds it', async t => {
  const db = directoryOf([
    called('A', { kind: ['commune'], theme: 'anarchist', place: { country: 'ES' } }),
    called('B', { kind: ['monastic'], theme: 'spiritual', place: { country: 'DE' } }),
    called('C', { kind: ['ecovillage'], theme: 'ecological', languages: ['eu'] }),
    called('D', { kind: ['squat_social_centre'], theme: 'left' }),
  ])
  const cases: [q: string, names: string[]][] = [
    ['comuna', ['A']],
    ['Kommune', ['A']],
    ['коммуна', ['A']],
    ['monasterio', ['B']],
    ['修道院', ['B']],
    ['دير', ['B']],
    ['ökodorf', ['C']],
    ['okodorf', ['C']],
    ['écovillage', ['C']],
    ['eco aldea', ['C']],
    ['gaztetxe', ['D']],
    ['centro social okupado', ['D']],
    ['comuna anarquista en españa', []],
    ['comuna anarquista españa', ['A']],
    ['kloster deutschland', ['B']],
    ['euskara', ['C']],
    ['de', []],
  ]
  for (const [q, names] of cases) t.same(found(db, { q }), names, q)
})

t.test('scripts without spaces, and scripts whose vowels may be left out', async t => {
  const everybody = ['東京都の共同村', 'قَرْيَةُ السَّلام', 'บ้านดินสันติสุข', '생태공동체를 꿈꾸는 마을', 'שָׁלוֹם עַל יִשְׂרָאֵל', 'Ｆｕｌｌ Ｗｉｄｔｈ', 'Ёлка'] // biome-ignore format: a row
  const summaries = ['みんなで暮らす森の家。', 'أرض وبيت']
  const db = directoryOf(everybody.map((name, n) => anEntry({ host: `n${n}.test`, charter: { name, summary: summaries[n] ?? 'Here.' } })))
  const cases: [q: string, found: number][] = [
    ['東京', 0],
    ['京都', 0],
    ['都の共', 0],
    ['村', 0],
    ['森の家', 0],
    ['قرية', 1],
    ['السلام', 1],
    ['ارض', 1],
    ['สันติ', 2],
    ['공동체', 3],
    ['שלום', 4],
    ['full width', 5],
    ['елка', 6],
  ]
  for (const [q, place] of cases) t.same(found(db, { q }), [everybody[place]!.normalize('NFC')], q)
  t.same(found(db, { q: '京東' }), [], 'the order of characters matters')
})

t.test('nothing an entry says of itself buys it a better place', async t => {
  const place = { precision: 'exact', latitude: 1, longitude: 1 }
  const rank = (entries: DirectoryEntry[], q: string) => found(directoryOf(entries), { q })
  const modest = anEntry({ charter: { name: 'Orchard House', summary: 'An orchard.', place } })
  const stuffed = 'orchard '.repeat(60).trim()
  const loud = (name: string, more: object = {}) =>
    anEntry({
      host: 'loud.test',
      handle: 'loud',
      ...more,
      charter: { name, summary: stuffed, agreements: [{ title: 'orchard', text: stuffed }], place },
    })
  for (const name of ['Orchard', 'Orchard Orchard Orchard', 'Orchard apple pear farm commune ecovillage garden bread honey goats Spain'])
    t.equal(rank([modest, loud(name)], 'orchard')[0], 'Orchard House', `who came first stays first before “${name}”`)
  const vouched = anEntry({ host: 'v.test', state: 'vouched', charter: { name: 'Vouched', summary: 'Beside an orchard.' } })
  t.same(rank([loud('Orchard'), modest, vouched], 'orchard')[0], 'Vouched', 'others’ word counts more than any of its own')
  const recent = anEntry({ host: 'r.test', verifiedAt: new Date('2026-08-01'), charter: { name: 'Recent', summary: 'Beside an orchard.' } })
  const longAgo = anEntry({ host: 'l.test', verifiedAt: new Date('2026-01-01'), charter: { name: 'Long ago', summary: stuffed } })
  t.same(rank([longAgo, recent], 'orchard'), ['Recent', 'Long ago'])
})

t.test('what was only heard of is found when it is asked for', async t => {
  const db = directoryOf([called('Checked'), anEntry({ state: 'heard', charter: { name: 'Heard', theme: 'right' } })])
  t.same(found(db, {}), ['Checked'])
  t.same(search(db, {}).facets.theme, [{ value: 'left', count: 1 }])
  t.same(found(db, { theme: 'right' }), [])
  t.same(found(db, { q: 'heard' }), [])
  const all = search(db, { include: 'all' })
  t.same([names(all), all.total], [['Checked', 'Heard'], 2])
  t.same(all.facets.theme, [{ value: 'left', count: 1 }, { value: 'right', count: 1 }]) // biome-ignore format: a row
  t.same(found(db, { include: 'all', q: 'school' }), ['Checked', 'Heard'])
  saveAll(db, [anEntry({ state: 'confirmed', charter: { name: 'Heard', theme: 'right' } })])
  t.same(found(db, { theme: 'right' }), ['Heard'], 'once it is confirmed everybody sees it')
})

t.test('every controlled word of a charter narrows a search', async t => {
  const words = {
    decisionMaking: ['consensus', 'majority_vote'],
    incomeSharing: 'full',
    landOwner: ['commons_or_customary'],
    diet: ['vegan'],
    sharedMeals: 'daily',
    spiritualTraditions: ['quaker'],
    orientationPolitical: ['anarchist'],
    setting: 'rural',
    housing: ['tents_or_yurts'],
    siteStatus: 'building',
    openToVolunteers: 'seasonal',
    childrenEducation: ['homeschool'],
  }
  const db = directoryOf([called('A', words), called('B')])
  for (const [field, value] of Object.entries(words)) t.same(found(db, { [field]: [value].flat().at(-1) }), ['A'], field)
  t.same(found(db, { decisionMaking: 'consensus', diet: 'kosher,vegan', setting: 'rural' }), ['A'])
  t.same(found(db, { decisionMaking: 'consensus', diet: 'kosher' }), [])
})

t.test('no text at all breaks a search', async t => {
  const db = directoryOf([called('हिन्दी ग्राम'), called('Ab\u0301bey')])
  t.same(found(db, { q: 'हिन्दी' }), ['हिन्दी ग्राम'])
  for (const q of ['\u0301', 'हि', '\u0903', 'a\u0301'.repeat(400)]) t.same(found(db, { q }).slice(1), [])
  fc.assert(fc.property(fc.string({ unit: 'binary' }), q => search(db, { q }).total <= 2))
})

t.test('a word in the name weighs more than one in the summary, and that more than one in the text', async t => {
  const db = directoryOf([
    ...manyEntries(20),
    called('Alder', { agreements: [{ title: 'Of orchards', text: 'The orchard feeds the orchard.' }] }),
    called('Birch', { summary: 'We keep an orchard.' }),
    called('Orchard House'),
  ])
  t.same(found(db, { q: 'orchard' }), ['Orchard House', 'Birch', 'Alder'])
})

t.test('values of one field are alternatives, fields narrow each other', async t => {
  const db = directoryOf([
    called('A', { theme: 'left', themes: ['ecological'], kind: ['commune', 'ecovillage'], status: 'forming', openToMembers: 'yes' }),
    called('B', { theme: 'right', kind: ['ecovillage'], status: 'forming', openToMembers: 'no', languages: ['pt-BR', 'en'] }),
    called('C', { theme: 'spiritual', kind: ['monastic'], openToVisitors: 'yes', languages: ['pt'], place: { country: 'ES' } }),
  ])
  const cases: [parameters: Record<string, unknown>, names: string[]][] = [
    [{}, ['A', 'B', 'C']],
    [{ theme: 'left' }, ['A']],
    [{ theme: 'ecological' }, ['A']],
    [{ theme: 'left,right' }, ['A', 'B']],
    [{ theme: ['left', 'spiritual'] }, ['A', 'C']],
    [{ kind: 'ecovillage', theme: 'left,spiritual' }, ['A']],
    [{ status: 'forming', openToMembers: 'no' }, ['B']],
    [{ openToVisitors: 'yes' }, ['C']],
    [{ country: 'es' }, ['C']],
    [{ country: 'Spain' }, ['C']],
    [{ language: 'pt' }, ['B', 'C']],
    [{ language: 'pt-PT' }, ['B', 'C']],
    [{ status: 'dormant' }, []],
    [{ q: '', theme: '', near: '' }, ['A', 'B', 'C']],
  ]
  for (const [parameters, names] of cases) t.same(found(db, parameters), names, JSON.stringify(parameters))
})

t.test('a facet counts under all filters but its own', async t => {
  const db = directoryOf([
    called('Stone A', { theme: 'left', kind: ['commune'] }),
    called('Stone B', { theme: 'right', themes: ['arts'], kind: ['commune'] }),
    called('Stone C', { theme: 'right', kind: ['monastic'] }),
    called('Wood', { theme: 'left', kind: ['commune'] }),
  ])
  const { facets, total } = search(db, { q: 'stone', theme: 'left', kind: 'commune,network' })
  t.equal(total, 1)
  t.same(facets.theme, [{ value: 'arts', count: 1 }, { value: 'left', count: 1 }, { value: 'right', count: 1 }]) // biome-ignore format: a row
  t.same(facets.kind, [{ value: 'commune', count: 1 }, { value: 'network', count: 0 }], 'an asked value is listed even when nothing has it') // biome-ignore format: a row
  t.same(facets.status, [{ value: 'disbanded', count: 1 }])
  t.same(search(db, {}).facets.kind, [{ value: 'commune', count: 3 }, { value: 'monastic', count: 1 }]) // biome-ignore format: a row
})

t.test('places are found within a distance and within a box', async t => {
  const db = directoryOf([
    at('Berlin', 52.52, 13.405),
    at('Potsdam', 52.4, 13.065),
    at('Minerva', -23.64, -178.9),
    at('Suva', -18.12, 178.45),
    at('Date line', -20, 180),
    at('North Pole', 89.9, 100),
    at('Hidden', 52.52, 13.405, 'hidden'),
    at('Somewhere in the country', 52.52, 13.405, 'country'),
    called('Nowhere'),
  ])
  const cases: [parameters: Record<string, string>, names: string[]][] = [
    [{ near: '52.5,13.4', within: '10' }, ['Berlin']],
    [{ near: '52.5,13.4', within: '30' }, ['Berlin', 'Potsdam']],
    [{ near: '52.5,13.4', within: '26.4' }, ['Berlin', 'Potsdam']],
    [{ near: '52.5,13.4', within: '25' }, ['Berlin']],
    [{ near: '-20,179.9', within: '600' }, ['Date line', 'Minerva', 'Suva']],
    [{ near: '-20,-179.9', within: '600' }, ['Date line', 'Minerva', 'Suva']],
    [{ near: '-23,-179', within: '100' }, ['Minerva']],
    [{ near: '89.9,-80', within: '50' }, ['North Pole']],
    [{ near: '-90,0', within: '100' }, []],
    [{ bbox: '177,-30,-178,-10' }, ['Date line', 'Minerva', 'Suva']],
    [{ bbox: '179,-30,180,-10' }, ['Date line']],
    [{ bbox: '-180,-30,-179,-10' }, ['Date line']],
    [{ bbox: '-179.5,-30,177,-10' }, ['Minerva']],
    [{ bbox: '13,52,14,53' }, ['Berlin', 'Potsdam']],
    [{ bbox: '13.405,52.52,13.405,52.52' }, ['Berlin']],
    [{ bbox: '-180,-90,180,90' }, ['Berlin', 'Date line', 'Minerva', 'North Pole', 'Potsdam', 'Suva']],
    [{ near: '0,0', within: '20038' }, ['Berlin', 'Date line', 'Minerva', 'North Pole', 'Potsdam', 'Suva']],
    [{ near: '52.5,13.4', within: '30', q: 'potsdam' }, ['Potsdam']],
  ]
  for (const [parameters, names] of cases) t.same(found(db, { ...parameters, sort: 'name' }), names, JSON.stringify(parameters))
  t.same(search(db, { near: '52.4,13.065', within: '30' }).items.map(({ distanceKm }) => distanceKm), [0, 26.6]) // biome-ignore format: one line
  t.equal(search(db, { q: 'berlin' }).items[0]?.distanceKm, undefined)
})

t.test('a distance is measured from the coarsened place', async t => {
  const db = directoryOf([at('Coarse', 52.5191, 13.4012, 'region')])
  const [entry] = search(db, { near: '52.75,13.25', within: '1' }).items
  t.match(entry, { distanceKm: 0, charter: { place: { latitude: 52.75, longitude: 13.25 } } })
})

t.test('the order', async t => {
  const day = (number: number) => new Date(Date.UTC(2026, 0, number))
  const entry = (name: string, published: number, verified: number, longitude: number) =>
    anEntry({
      publishedAt: day(published),
      verifiedAt: day(verified),
      charter: { name, place: { precision: 'exact', latitude: 0, longitude } },
    })
  const db = directoryOf([entry('Zebra', 3, 7, 3), entry('ähre', 1, 9, 1), entry('Öko', 4, 6, 4), entry('apfel', 2, 8, 2)])
  const near = { near: '0,0', within: '1000' }
  t.same(found(db, {}), ['ähre', 'apfel', 'Öko', 'Zebra'])
  t.same(found(db, { sort: 'relevance' }), ['ähre', 'apfel', 'Öko', 'Zebra'], 'without words there is no relevance')
  t.same(found(db, { sort: 'newest' }), ['Öko', 'Zebra', 'apfel', 'ähre'])
  t.same(found(db, { sort: 'verified' }), ['ähre', 'apfel', 'Zebra', 'Öko'])
  t.same(found(db, near), ['ähre', 'apfel', 'Zebra', 'Öko'])
  t.same(found(db, { ...near, sort: 'newest' }), ['Öko', 'Zebra', 'apfel', 'ähre'])
})

/** The actors of every page, in order. `between` is done after each page. */
function walk(db: Connection, parameters: Record<string, unknown>, between?: (page: number) => void): { read: string[]; longest: number } {
  const read: string[] = []
  let longest = 0
  for (let page = 0, cursor: string | undefined; page < 100; page++) {
    const result = search(db, { ...parameters, ...(cursor ? { cursor } : {}) })
    read.push(...result.items.map(({ actor }) => actor))
    cursor = result.next
    if (cursor === undefined) return { read, longest }
    longest = Math.max(longest, cursor.length)
    between?.(page)
  }
  throw new Error('The pages never end.')
}

t.test('whoever turns the pages sees everything once, also while entries are added', async t => {
  const orders = [
    { q: 'community' },
    { sort: 'name' },
    { sort: 'newest' },
    { sort: 'verified' },
    { near: '40,-3', within: '20038' },
    { theme: 'left,right,anarchist' },
  ]
  for (const order of orders) {
    const db = directoryOf(manyEntries(250))
    const before = walk(db, { ...order, limit: 100 }).read
    t.equal(before.length, search(db, order).total, JSON.stringify(order))
    const { read } = walk(db, { ...order, limit: 7 }, page => {
      // Their words shift what every other entry's words are worth.
      const charter = {
        name: `New ${page}`,
        summary: 'community',
        theme: 'left',
        place: { precision: 'exact', latitude: 9, longitude: page },
      }
      if (page < 3) saveAll(db, [anEntry({ charter })])
    })
    t.equal(new Set(read).size, read.length, 'nothing twice')
    t.same(before.filter(actor => !read.includes(actor)), [], 'nothing skipped') // biome-ignore format: one line
  }
})

t.test('relevance goes on to the very last entry', async t => {
  const { read, longest } = walk(directoryOf(manyEntries(720)), { q: 'community', limit: 100 })
  t.equal(read.length, 720)
  t.equal(new Set(read).size, 720)
  t.ok(longest < 2000, 'a cursor fits into an address')
})

t.test('beyond a thousand, totals and counts are estimates and say so; pages stay exact', async t => {
  const all = [...manyEntries(1_500)]
  const db = directoryOf(all)
  const { total, approximate, facets } = search(db, { q: 'community' })
  t.equal(approximate, true)
  t.ok(Math.abs(total - 1500) < 30, `${total} is about 1500`)
  t.ok(
    Math.abs(
      facets.theme.reduce((sum, { count }) => sum + count, 0) / all.reduce((sum, { charter }) => sum + charter.themes.length, 0) - 1,
    ) < 0.1,
  )
  t.match(search(db, {}), { total: 1500, approximate: undefined }, 'everything is counted')
  const box = '-10,30,20,60'
  const lies = ({ charter: { place } }: DirectoryEntry) =>
    place!.longitude! >= -10 && place!.longitude! <= 20 && place!.latitude! >= 30 && place!.latitude! <= 60
  for (const [sort, key] of [
    ['name', ({ charter }: DirectoryEntry) => charter.name],
    ['newest', ({ publishedAt }: DirectoryEntry) => -publishedAt.getTime()],
  ] as const) {
    const { read } = walk(db, { q: 'community', openToMembers: 'yes,no,waitlist,unknown', sort, limit: 100 })
    t.equal(read.length, 1500, sort)
    t.equal(new Set(read).size, 1500, sort)
    const inside = walk(db, { bbox: box, sort, limit: 50 }).read
    const wanted = all.filter(lies)
    t.equal(inside.length, wanted.length, `${sort} in a box`)
    const keys = new Map(all.map(entry => [entry.actor, key(entry)]))
    if (sort === 'newest') t.same(inside.map(actor => keys.get(actor)), wanted.map(entry => key(entry)).sort((a, b) => Number(a) - Number(b))) // biome-ignore format: one line
  }
})

t.test('a cursor of another search, or of nobody, is refused', async t => {
  const db = directoryOf(manyEntries(30))
  const { next } = search(db, { sort: 'name', limit: 5 })
  const text = Buffer.from(next!, 'base64url').toString()
  const refused = 'cursor: This cursor does not belong to this search. Start again without one.'
  const cases: [parameters: Record<string, unknown>, why: string][] = [
    [{ sort: 'newest', cursor: next }, 'another order'],
    [{ sort: 'name', theme: 'left', cursor: next }, 'another filter'],
    [{ sort: 'name', cursor: 'AAAA' }, 'nonsense'],
    [{ sort: 'name', cursor: '%%%' }, 'not even base64'],
    [{ sort: 'name', cursor: Buffer.from(text.replace(/\d+/, '1')).toString('base64url') }, 'changed'],
    [{ sort: 'name', cursor: next!.slice(0, -3) }, 'cut off'],
  ]
  for (const [parameters, why] of cases)
    t.throws(() => search(db, parameters), new Refusal('invalid', refused, [{ path: 'cursor', message: refused.slice(8) }]), why)
  t.equal(search(db, { sort: 'name', limit: 9, cursor: next }).items.length, 9, 'a page may be longer than the one before')
})
