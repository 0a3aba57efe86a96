import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import Fastify from 'fastify'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { readConfig } from '../src/config.ts'
import { removeEntry, touchEntry } from '../src/db/directory.ts'
import { transact } from '../src/db/open.ts'
import type { DirectoryEntry } from '../src/domain/directory.ts'
import { createFetcher } from '../src/federation/fetch.ts'
import { directoryApi } from '../src/web/api/index.ts'
import type { Item } from '../src/web/api/schemas.ts'
import { anEntry, directoryOf, manyEntries } from './helpers/entries.ts'

const brook = anEntry({
  host: 'localhost:4201',
  handle: 'brookfarm',
  charter: {
    languages: ['en'],
    themes: ['education'],
    place: { precision: 'locality', country: 'US', locality: 'West Roxbury', latitude: 42.2915, longitude: -71.1742 },
    agreements: [{ title: 'Of labour', text: 'All work is of equal worth.', adopted: '1841-09-29' }],
  },
})

/** The interface at work in a server that has something else as well. */
async function serve(t: Test, entries: Iterable<DirectoryEntry>) {
  const app = Fastify({ routerOptions: { maxParamLength: 300 } })
  const fetch = createFetcher({ userAgent: 'Archipelago test', allowPrivate: true })
  const ctx = {
    config: readConfig({ PORT: '4202' }),
    db: directoryOf(entries),
    now: () => new Date(),
    fetch,
    log: pino({ level: 'silent' }),
  }
  app.register(directoryApi, { ctx })
  app.get('/elsewhere', async () => 'not for scripts of other sites')
  t.teardown(async () => {
    await app.close()
    await fetch.close()
    ctx.db.$client.close()
  })
  return {
    app,
    db: ctx.db,
    get: (url: string, query: Record<string, string | string[]> = {}) =>
      app.inject({ url, query, headers: { origin: 'https://elsewhere.test' } }),
  }
}

t.test('a search answers with communities, their charters, counts and the way to the next page', async t => {
  const { get } = await serve(t, [brook, ...manyEntries(30)])
  const response = await get('/api/directory', { theme: 'left', q: 'equal worth' })
  t.equal(response.statusCode, 200)
  t.equal(response.headers['cache-control'], 'public, max-age=30')
  t.match(response.headers['content-type'], 'application/json')
  const { total, items, facets, next } = response.json()
  t.equal(total, 1)
  t.same(items, [
    {
      address: '@brookfarm@localhost:4201',
      actor: 'https://localhost:4201/c/brookfarm',
      url: 'https://localhost:4201/c/brookfarm',
      name: 'Brook Farm',
      summary: 'A farm and a school.',
      theme: 'left',
      themes: ['left', 'education'],
      kind: ['commune'],
      status: 'disbanded',
      openToMembers: 'unknown',
      openToVisitors: 'unknown',
      country: 'US',
      place: { precision: 'locality', country: 'US', locality: 'West Roxbury', latitude: 42.25, longitude: -71.15 },
      languages: ['en'],
      charter: brook.charter,
      edition: 1,
      publishedAt: '2026-01-01T00:00:00.000Z',
      verifiedAt: '2026-01-02T00:00:00.000Z',
      source: 'follow',
      state: 'confirmed',
    },
  ])
  t.same(facets.country, [{ value: 'US', count: 1 }])
  t.equal(next, undefined)
  const first = (await get('/api/directory', { limit: '20' })).json()
  const second = (await get('/api/directory', { limit: '20', cursor: first.next })).json()
  t.equal(first.items.length + second.items.length, 31)
  t.equal(second.next, undefined)
  const [near] = (await get('/api/directory', { near: '42.36,-71.06', within: '50' })).json().items
  t.match(near, { name: 'Brook Farm', distanceKm: 14.3 })
})

t.test('an answer says what is known now, whoever wrote it', async t => {
  const { get, db } = await serve(t, [brook, ...manyEntries(30)])
  const verified = async () => (await get('/api/directory', { q: 'brook' })).json().items.map((item: Item) => item.verifiedAt)
  const before = await verified()
  t.same(await verified(), before)
  const later = new Date(brook.verifiedAt.getTime() + 1000)
  transact(db, tx => touchEntry(tx, brook.actor, later))
  t.same(await verified(), [later.toISOString()], 'read again at its origin')
  transact(db, tx => removeEntry(tx, brook.actor))
  t.same(await verified(), [])
})

t.test('one community by its address', async t => {
  const { get } = await serve(t, [brook])
  for (const path of ['localhost:4201/brookfarm', 'localhost%3A4201/BrookFarm', 'LOCALHOST:4201/@brookfarm']) {
    const response = await get(`/api/directory/${path}`)
    t.match(
      [response.statusCode, response.json()],
      [200, { name: 'Brook Farm', charter: { agreements: [{ adopted: '1841-09-29' }] } }],
      path,
    )
  }
  const unknown = await get('/api/directory/localhost:4201/fruitlands')
  t.equal(unknown.statusCode, 404)
  t.match(unknown.json().error, /knows no community at this address/)
  t.equal(unknown.headers['cache-control'], 'no-store')
})

t.test('a wrong parameter is named', async t => {
  const { get } = await serve(t, [brook])
  const cases: [query: Record<string, string | string[]>, path: string, message: RegExp][] = [
    [{ theme: 'lefty' }, 'theme', /“lefty” is not one of its values: left, right/],
    [{ theme: 'left,lefty' }, 'theme', /lefty/],
    [{ kind: 'hut' }, 'kind', /hut.*ecovillage/],
    [{ status: 'ESTABLISHED' }, 'status', /established/],
    [{ openToMembers: 'maybe' }, 'openToMembers', /waitlist/],
    [{ openToVisitors: 'maybe' }, 'openToVisitors', /by_arrangement/],
    [{ country: 'Atlantis' }, 'country', /two-letter code/],
    [{ language: 'english please' }, 'language', /such as en/],
    [{ near: '1,2' }, 'within', /how many kilometres/],
    [{ within: '5' }, 'near', /needs the point/],
    [{ near: '1,2', within: '5', bbox: '1,2,3,4' }, 'bbox', /not both/],
    [{ near: '1,2', within: '0' }, 'within', /more than 0/],
    [{ near: '1,2', within: '20039' }, 'within', /at most 20038/],
    [{ sort: 'distance' }, 'sort', /needs “near”/],
    [{ sort: 'money' }, 'sort', /relevance, name/],
    [{ limit: '0' }, 'limit', /1 to 100/],
    [{ limit: '101' }, 'limit', /1 to 100/],
    [{ limit: '1.5' }, 'limit', /whole number/],
    [{ limit: 'many' }, 'limit', /whole number/],
    [{ cursor: 'AAAA' }, 'cursor', /does not belong/],
    [{ q: ['a', 'b'] }, 'q', /once/],
    [{ colour: 'red' }, 'colour', /no such parameter.*theme/],
    [{ __proto__: 'x', constructor: 'x' }, 'constructor', /no such parameter/],
    [{ 'q[]': 'x' }, 'q[]', /no such parameter/],
  ]
  for (const [query, path, message] of cases) {
    const response = await get('/api/directory', query)
    t.equal(response.statusCode, 400, JSON.stringify(query))
    t.match(
      response.json(),
      { error: new RegExp(`^${path.replace(/\W/g, '\\$&')}: `), problems: [{ path, message }] },
      JSON.stringify(query),
    )
  }
  const several = (await get('/api/directory', { theme: 'x', limit: 'y', colour: 'z' })).json()
  t.same(several.problems.map(({ path }: { path: string }) => path).sort(), ['colour', 'limit', 'theme'], 'every fault at once')
})

t.test('O-70: whatever is typed is searched as words', async t => {
  const { get } = await serve(t, [brook, ...manyEntries(20)])
  const findNothing = ['"', '""', '*', '%', '%'.repeat(1000), '^', '-', '(((((', '\0', '\ud800', '😀']
  const findNoSuchWords = [
    'pelican NEAR(',
    'NEAR("brook" "farm", 5)',
    'name:brook',
    'col:x',
    '{name} : brook',
    "' OR 1=1--",
    'brook NOT farm',
    'brook OR nothing',
  ]
  const findNothingLong = ['x'.repeat(100_000), Array.from({ length: 5000 }, (_, number) => `w${number}`).join(' ')]
  for (const q of [...findNothing, ...findNoSuchWords, ...findNothingLong]) {
    const response = await get('/api/directory', { q })
    t.match([response.statusCode, response.json().total], [200, 0], q.slice(0, 40))
  }
  const findBrookFarm = [
    '"brook" farm*',
    '(brook)^farm',
    'brook*farm',
    ' brook\tfarm ',
    'brook + "farm',
    "brook'); --",
    '\0brook\0',
    '"brook',
  ]
  for (const q of findBrookFarm) {
    const response = await get('/api/directory', { q })
    t.match([response.statusCode, response.json().total, response.json().items[0].name], [200, 1, 'Brook Farm'], JSON.stringify(q))
  }
  const tooLong = await get('/api/directory', { q: `${'community '.repeat(5000)}nothing"*` })
  t.match([tooLong.statusCode, tooLong.json().total], [200, 20], 'the end is cut off')
})

t.test('O-71: places that are none are refused, and all others are answered rightly', async t => {
  const { get } = await serve(t, [brook, ...manyEntries(200)])
  const refused: [query: Record<string, string>, path: string][] = [
    [{ near: '91,0', within: '5' }, 'near'],
    [{ near: '0,999', within: '5' }, 'near'],
    [{ near: 'NaN,NaN', within: '5' }, 'near'],
    [{ near: '1e400,0', within: '5' }, 'near'],
    [{ near: 'here', within: '5' }, 'near'],
    [{ near: '1', within: '5' }, 'near'],
    [{ near: '1,2,3', within: '5' }, 'near'],
    [{ near: '1,2', within: 'NaN' }, 'within'],
    [{ near: '1,2', within: '1e400' }, 'within'],
    [{ near: '1,2', within: '-5' }, 'within'],
    [{ near: '1,2', within: 'Infinity' }, 'within'],
    [{ bbox: '0,0,0' }, 'bbox'],
    [{ bbox: 'a,b,c,d' }, 'bbox'],
    [{ bbox: '0,10,5,-10' }, 'bbox'],
    [{ bbox: '-181,0,0,10' }, 'bbox'],
    [{ bbox: '0,-91,5,10' }, 'bbox'],
    [{ bbox: '0,0,0x10,10' }, 'bbox'],
    [{ bbox: Array.from({ length: 20_000 }, () => '1').join(',') }, 'bbox'],
  ]
  for (const [query, path] of refused) {
    const response = await get('/api/directory', query)
    t.match([response.statusCode, response.json().problems], [400, [{ path }]], JSON.stringify(query).slice(0, 60))
  }
  const world = (await get('/api/directory', { bbox: '-180,-90,180,90', limit: '100' })).json()
  t.match([world.total, world.items.length], [201, 100])
  const overTheDateLine = (await get('/api/directory', { bbox: '130,-45,-60,50', limit: '100' })).json()
  t.ok(overTheDateLine.items.every(({ country }: { country: string }) => ['US', 'AU'].includes(country)))
  t.equal(overTheDateLine.total, world.facets.country.reduce((sum: number, { value, count }: { value: string; count: number }) => sum + (['US', 'AU'].includes(value) ? count : 0), 0)) // biome-ignore format: one line
})

t.test('scripts of other sites may read the directory and nothing else', async t => {
  const { app, get } = await serve(t, [brook])
  const preflight = (url: string) =>
    app.inject({ method: 'OPTIONS', url, headers: { origin: 'https://elsewhere.test', 'access-control-request-method': 'GET' } })
  for (const url of ['/api/directory', '/api/directory?theme=x', '/api/directory/localhost:4201/brookfarm', '/api/directory/no/body']) {
    t.equal((await get(url)).headers['access-control-allow-origin'], '*', url)
    const { statusCode, headers } = await preflight(url)
    t.match([statusCode, headers], [204, { 'access-control-allow-origin': '*', 'access-control-allow-methods': 'GET, HEAD' }], url)
    t.notOk(headers['access-control-allow-credentials'])
  }
  for (const url of ['/elsewhere', '/api', '/api/openapi.json', '/api/nothing']) {
    t.notOk((await get(url)).headers['access-control-allow-origin'], url)
    const { statusCode, headers } = await preflight(url)
    t.match([statusCode, headers['access-control-allow-origin']], [404, undefined], url)
  }
})

t.test('the OpenAPI document says what is asked and what is answered', async t => {
  const { get } = await serve(t, [brook, ...manyEntries(40)])
  const response = await get('/api/openapi.json')
  const document = response.json()
  t.match(document, { openapi: '3.1.0', info: { title: String, version: String }, servers: [{ url: 'http://localhost:4202' }] })
  t.same(Object.keys(document.paths), ['/api/directory', '/api/directory/{host}/{handle}'])
  const search = document.paths['/api/directory'].get
  const details =
    'siteStatus openToVolunteers decisionMaking leadership conflictResolution incomeSharing economy landOwner labour membersWithDebt orientationPolitical spiritualTraditions practiceExpected setting housing sharedMeals diet dietRule alcohol tobacco childrenEducation'
  const names =
    `q theme kind status openToMembers openToVisitors country language ${details} bbox near within include sort limit cursor format scope lang signed`.split(
      ' ',
    )
  t.same(search.parameters.map(({ name }: { name: string }) => name), names) // biome-ignore format: one line
  for (const { name, in: where, required, description } of search.parameters)
    t.ok(where === 'query' && !required && description, `${name} is explained`)
  t.match(search.parameters[1].schema, { type: 'array', items: { enum: ['left', 'right', 'anarchist'] } })
  t.same(Object.keys(search.responses), ['200', '400'])
  t.same(Object.keys(document.paths['/api/directory/{host}/{handle}'].get.responses), ['200', '404'])

  const ajv = new Ajv2020({ strict: false, allErrors: true })
  formats.default(ajv)
  ajv.addSchema(document, 'openapi.json')
  const answers: [url: string, pointer: string][] = [
    ['/api/directory?q=community&near=0,0&within=20000', '#/paths/~1api~1directory/get/responses/200'],
    ['/api/directory?limit=1', '#/paths/~1api~1directory/get/responses/200'],
    ['/api/directory?limit=0', '#/paths/~1api~1directory/get/responses/400'],
    ['/api/directory/localhost:4201/brookfarm', '#/paths/~1api~1directory~1%7Bhost%7D~1%7Bhandle%7D/get/responses/200'],
    ['/api/directory/localhost:4201/x', '#/paths/~1api~1directory~1%7Bhost%7D~1%7Bhandle%7D/get/responses/404'],
  ]
  for (const [url, pointer] of answers) {
    const validate = ajv.compile({ $ref: `openapi.json${pointer}/content/application~1json/schema` })
    t.ok(validate((await get(url)).json()), `${url} ${ajv.errorsText(validate.errors)}`)
    t.notOk(validate({ entirely: 'different' }), 'the schema does refuse')
  }
})

t.test('the same can be read by people, without a script', async t => {
  const { get } = await serve(t, [])
  const response = await get('/api')
  t.equal(response.statusCode, 200)
  t.match(response.headers['content-type'], 'text/html')
  t.notMatch(response.body, '<script')
  const text = response.body.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')
  for (const words of [
    'GET /api/directory/{host}/{handle}',
    'west,south,east,north',
    'squat_social_centre',
    'distanceKm',
    'decisionMaking',
  ])
    t.match(text, words)
})

t.test('the charter has a JSON Schema', async t => {
  const { get } = await serve(t, [])
  const response = await get('/schema/charter.json')
  t.match(response.headers, { 'content-type': 'application/schema+json; charset=utf-8', 'access-control-allow-origin': '*' })
  const schema = response.json()
  t.equal(schema.$id, 'http://localhost:4202/schema/charter.json')
  const ajv = new Ajv2020({ strict: false })
  formats.default(ajv)
  const validate = ajv.compile(schema)
  t.ok(validate(brook.charter), `a charter fits ${ajv.errorsText(validate.errors)}`)
  t.notOk(validate({ ...brook.charter, theme: 'lefty' }))
})
