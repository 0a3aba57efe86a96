import assert from 'node:assert/strict'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import fc from 'fast-check'
import t from 'tap'
import { Charter, charterFromWire, charterJsonSchema, MAX_CHARTER_BYTES, nextEdition, publicCharter } from '../src/domain/charter.ts'
import { PRECISIONS } from '../src/domain/vocabulary.ts'
import { aCharter, charterInputs, charters } from './helpers/charters.ts'

const overTheWire = (value: unknown) => charterFromWire(JSON.parse(JSON.stringify(value)))

t.test('parsing puts the main theme first, names nothing twice, and says what is not said', async t => {
  const charter = aCharter({
    theme: 'right',
    themes: ['arts', 'right', 'arts', 'elders'],
    kind: ['commune', 'commune'],
    languages: ['pt-br', 'pt-BR', 'iw'],
  })
  t.same(charter.themes, ['right', 'arts', 'elders'])
  t.same(charter.kind, ['commune'])
  t.same(charter.languages, ['pt-BR', 'he'])
  t.match(aCharter(), {
    themes: ['ecological'],
    languages: [],
    openToMembers: 'unknown',
    openToVisitors: 'unknown',
    openToVolunteers: 'unknown',
  })
})

t.test('texts are tidied', async t => {
  const { name, agreements } = aCharter({
    name: '  Cafe\u0301 \n du\u00a0  Nord ',
    agreements: [{ title: 'A', text: '\r\n# One\r\n\r\ttwo  \n' }],
  })
  t.equal(name, 'Café du Nord')
  t.equal(agreements[0]?.text, '# One\n\n\ttwo')
})

t.test('what parses survives the way to another node unchanged, and so does what is public of it', async t => {
  const property = fc.property(charters(), fc.constantFrom(...PRECISIONS), (charter, precision) => {
    assert.deepEqual(Charter.parse(charter), charter, 'parsing again changes nothing')
    assert.deepEqual(overTheWire(charter), charter)
    const shown = publicCharter(charter, precision)
    assert.deepEqual(overTheWire(shown), shown)
  })
  t.doesNotThrow(() => fc.assert(property, { numRuns: 300 }))
})

t.test('a charter of a newer vocabulary is understood as far as it goes', async t => {
  const wire = {
    ...aCharter({ regularFee: { amount: 5, currency: 'EUR', period: 'month' }, place: { precision: 'region', country: 'ES' } }),
    moonPhase: 'waxing',
    theme: 'solarpunk',
    themes: ['solarpunk', 'left', 'seasteading'],
    kind: ['commune', 'space_station'],
    openToMembers: 'by_lot',
    leadership: 'oracle',
    decisionMaking: ['consensus', 'dice'],
    housing: ['burrow'],
    regularFee: { amount: 5, currency: 'EUR', period: 'fortnight' },
    landArea: { amount: 5, unit: 'acre', surveyed: true },
    place: { precision: 'region', country: 'XY', region: 'Aragón', planet: 'earth' },
    affiliations: [{ name: 'GEN', rel: 'rival', since: 1995 }],
    agreements: [{ title: 'One', text: 'Two', signedBy: [] }],
    contact: null,
  }
  const { regularFee: _, ...expected } = aCharter()
  t.strictSame(overTheWire(wire), {
    ...expected,
    theme: 'other',
    themes: ['other', 'left'],
    kind: ['commune', 'other'],
    decisionMaking: ['consensus'],
    landArea: { amount: 5, unit: 'acre' },
    place: { precision: 'region', region: 'Aragón' },
    affiliations: [{ name: 'GEN' }],
    agreements: [{ title: 'One', text: 'Two' }],
  })
})

t.test('what another node may not send', async t => {
  const agreements = (count: number, length = 1) =>
    Array.from({ length: count }, (_, index) => ({ title: `${index}`, text: 'x'.repeat(length) }))
  const deep = JSON.parse(`${'['.repeat(30_000)}${']'.repeat(30_000)}`)
  const table: Record<string, unknown> = {
    nothing: undefined,
    null: null,
    text: 'charter',
    list: [],
    'no name': { ...aCharter(), name: undefined },
    'a long name': { ...aCharter(), name: 'x'.repeat(101) },
    'an override of direction': { ...aCharter(), name: 'Oak\u202e' },
    'an unknown status': { ...aCharter(), status: 'ascended' },
    'a place beyond the pole': { ...aCharter(), place: { latitude: 91, longitude: 0 } },
    'half a point': { ...aCharter(), place: { latitude: 9 } },
    'a script for a website': { ...aCharter(), website: 'javascript:alert(1)' },
    'a password in a website': { ...aCharter(), website: 'https://a:b@example.org/' },
    'too many kinds': { ...aCharter(), kind: ['commune', 'cohousing', 'ecovillage', 'network'] },
    'too many agreements': { ...aCharter(), agreements: agreements(101) },
    'a long agreement': { ...aCharter(), agreements: agreements(1, 20_001) },
    'too long in all': { ...aCharter(), agreements: agreements(4, 19_000) },
    'too long by what is unknown': { ...aCharter(), padding: 'x'.repeat(MAX_CHARTER_BYTES) },
    'nested themes': { ...aCharter(), themes: deep },
    'nested in a field nobody knows': { ...aCharter(), theme: deep, moonPhase: deep },
    'a number too large': { ...aCharter(), adults: 1e300 },
  }
  for (const [what, value] of Object.entries(table)) t.equal(charterFromWire(value), undefined, what)
  t.strictSame(overTheWire({ ...aCharter(), agreements: agreements(100, 500) })?.agreements.length, 100)
})

t.test('the largest charter that may be published may also be sent, however its place is shown', async t => {
  const written = (length: number) => ({
    ...aCharter({ place: { precision: 'exact', latitude: 1, longitude: 1 } }),
    agreements: ['one', 'two', 'three', 'four'].map((title, index) => ({ title, text: 'x'.repeat(index ? 16_000 : length) })),
  })
  let length = MAX_CHARTER_BYTES - JSON.stringify(Charter.parse(written(1))).length
  while (!Charter.safeParse(written(length)).success) length--
  const largest = Charter.parse(written(length))
  t.ok(JSON.stringify(largest).length > MAX_CHARTER_BYTES - 100)
  for (const precision of PRECISIONS) t.ok(overTheWire(publicCharter(largest, precision)), precision)
})

t.test('an edition follows another only if it says something else', async t => {
  const now = new Date('2026-03-01T12:00:00Z')
  const first = nextEdition(undefined, aCharter(), now)
  t.same(first, { edition: 1, publishedAt: now, charter: aCharter() })
  t.throws(() => nextEdition(first, JSON.parse(JSON.stringify(aCharter())), now), { name: 'Refusal', reason: 'conflict' })
  t.equal(nextEdition(first, aCharter({ adults: 5 }), now).edition, 2)
})

t.test('the JSON Schema takes and refuses what the charter does', async t => {
  const ajv = new Ajv2020({ allErrors: true })
  addFormats.default(ajv)
  const schema = charterJsonSchema()
  const valid = ajv.compile(schema)
  const property = fc.property(charterInputs(), input =>
    assert.ok(valid(input) && valid(Charter.parse(input)), ajv.errorsText(valid.errors)),
  )
  t.doesNotThrow(() => fc.assert(property, { numRuns: 100 }))
  const bad: [string, object][] = [
    ['no name', { name: undefined }],
    ['an empty name', { name: '' }],
    ['a long name', { name: 'x'.repeat(101) }],
    ['a number for text', { summary: 5 }],
    ['an unknown field', { theemes: ['left'] }],
    ['an unknown theme', { theme: 'leftt' }],
    ['no kind', { kind: [] }],
    ['four kinds', { kind: ['commune', 'cohousing', 'ecovillage', 'network'] }],
    ['six themes', { themes: ['left', 'right', 'arts', 'care', 'health', 'elders'] }],
    ['disbanded, but when', { status: 'disbanded' }],
    ['half a person', { adults: 1.5 }],
    ['a year too early', { startedPlanning: -3001 }],
    ['half a point', { place: { latitude: 1 } }],
    ['beyond the pole', { place: { latitude: 91, longitude: 0 } }],
    ['no such country', { place: { country: 'UK' } }],
    ['an agreement without words', { agreements: [{ title: 'One' }] }],
    ['an agreement without title', { agreements: [{ text: 'One' }] }],
    ['a website that is none', { website: 'ftp://example.org' }],
    ['a small currency', { joinFee: { amount: 1, currency: 'eur' } }],
    ['a date that is none', { lastVerified: 'yesterday' }],
    ['null', { contact: null }],
  ]
  for (const [what, change] of bad) {
    const value = JSON.parse(JSON.stringify({ ...aCharter(), ...change }))
    t.equal(valid(value), false, what)
    t.equal(Charter.safeParse(value).success, false, what)
  }
})

t.test('every field of the JSON Schema has a title and help', async t => {
  type Schema = { properties?: Record<string, Schema>; items?: Schema; title?: string; description?: string }
  const check = (path: string, { properties = {}, items }: Schema): void => {
    for (const [name, field] of Object.entries(properties)) {
      t.ok(field.title && field.description, `${path}${name}`)
      check(`${path}${name}, `, field)
    }
    if (items) check(path, items)
  }
  check('', charterJsonSchema())
  t.equal(charterJsonSchema().$schema, 'https://json-schema.org/draft/2020-12/schema')
})
