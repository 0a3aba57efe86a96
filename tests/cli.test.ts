import type { ChildProcess } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import { archipelago, ended, serve, until } from './helpers/command.ts'
import { freePort } from './helpers/node.ts'
import { root } from './helpers/root.ts'

const json = (ran: { out: string }) => JSON.parse(ran.out)
const examples = (name: string) => new URL(`examples/${name}`, root).pathname

t.test('two stewards with nothing but the command line', async t => {
  const [portA, portB] = [await freePort(), await freePort()]
  const dir = t.testdir()
  const env = (port: number, name: string) => ({ PORT: String(port), DATA_DIR: join(dir, name), ALLOW_PRIVATE_ADDRESSES: 'true' })
  const [a, b] = [env(portA, 'a'), env(portB, 'b')]
  const servers: Record<string, ChildProcess> = {}
  t.teardown(() =>
    Promise.all(Object.values(servers).map(server => server.exitCode === null && server.signalCode === null && ended(server, 'SIGKILL'))),
  )
  const killed = async (name: 'a' | 'b') => {
    await ended(servers[name]!, 'SIGKILL')
    servers[name] = await serve(name === 'a' ? a : b)
  }
  const page = async (path: string) => (await fetch(`http://localhost:${portB}${path}`)).text()

  const count = async (port: number, collection: string) =>
    (await (await fetch(`http://localhost:${port}/c/${collection}`)).json()).totalItems
  const followersOfA = () => count(portA, 'brookfarm/followers')

  const founded = await archipelago(a, ['setup', '--charter', examples('brook-farm.json'), '--handle', 'brookfarm'])
  t.match(founded, { code: 0, out: new RegExp(`@brookfarm@localhost:${portA}`) })
  t.match(
    await archipelago(a, ['setup', '--charter', examples('brook-farm.json')]),
    { code: 1, err: /already has a community/ },
    'only once',
  )
  t.match(await archipelago(b, ['setup', '--charter', examples('monte-verita.yaml'), '--handle', 'monteverita', '--json']), { code: 0 })
  servers.a = await serve(a)
  servers.b = await serve(b)

  const asked = await archipelago(b, ['follow', `http://localhost:${portA}/c/brookfarm`])
  t.match(asked, { code: 0, out: /Brook Farm.* is asked/ })
  await killed('b')
  await until(async () => (await followersOfA()) === 1)
  await killed('a')
  await until(async () => (await count(portB, 'monteverita/following')) === 1)
  t.match(await archipelago(b, ['following']), { code: 0, out: new RegExp(`@brookfarm@localhost:${portA} +accepted`) })
  t.match(await archipelago(a, ['followers']), { code: 0, out: new RegExp(`@monteverita@localhost:${portB} +accepted`) })

  const found = await (await fetch(`http://localhost:${portB}/api/directory?theme=left`)).json()
  t.match(found, { total: 1, items: [{ name: /Brook Farm/, charter: { theme: 'left' } }] })

  await archipelago(a, ['post', 'Haymaking on Saturday'])
  await killed('a')
  await until(async () => (await page(`/communities/localhost:${portA}/brookfarm`)).includes('Haymaking on Saturday'))

  t.match(await archipelago(a, ['charter', 'publish', examples('brook-farm-2.json')]), { code: 0, out: /Edition 2 is published/ })
  await killed('b')
  await until(
    async () => (await (await fetch(`http://localhost:${portB}/api/directory/localhost:${portA}/brookfarm`)).json()).edition === 2,
  )
  t.match(
    await archipelago(a, ['charter', 'publish', examples('brook-farm-2.json')]),
    { code: 1, err: /same/ },
    'the same words are no new edition',
  )
  await killed('a')

  await t.test('nothing has happened twice', async t => {
    t.equal(json(await archipelago(a, ['followers', '--json'])).length, 1)
    t.equal(json(await archipelago(b, ['following', '--json'])).length, 1)
    t.equal(json(await archipelago(a, ['charter', 'history', '--json'])).length, 2)
    t.equal((await page(`/communities/localhost:${portA}/brookfarm`)).split('Haymaking on Saturday').length, 2)
    const outbox = await (await fetch(`http://localhost:${portA}/c/brookfarm/outbox`)).json()
    t.equal(outbox.totalItems, 3, 'two editions and a post')
  })

  await t.test('search', async t => {
    t.match(await archipelago(b, ['search', 'farm', '--theme', 'left']), { code: 0, out: /^Brook Farm/ })
    t.match(json(await archipelago(b, ['search', '--near', '42.3,-71.2', '--within', '50', '--json'])), {
      total: 1,
      items: [{ charter: { name: /Brook Farm/ } }],
    })
    t.match(
      json(await archipelago(b, ['search', '--status', 'forming', '--open-to-members', '--country', 'CH', '--kind', 'commune', '--json'])),
      { total: 0 },
    )
    t.match(await archipelago(b, ['search', '--theme', 'lefft']), { code: 1, err: /theme: .*lefft/ })
    t.match(await archipelago(b, ['search', 'xylophone']), { code: 0, err: /Nothing found/ })
  })

  await t.test('unfollow, and where the address is taken from the data', async t => {
    const { PORT: _, ...without } = b
    t.match(await archipelago(without, ['unfollow', `@brookfarm@localhost:${portA}`]), { code: 0, out: /not followed any more/ })
    await until(async () => (await followersOfA()) === 0)
    t.match(await archipelago(b, ['unfollow', '@nobody@example.org']), { code: 1, err: /does not follow/ })
  })

  await t.test('a second server on the same data is refused', async t => {
    const second = await archipelago({ ...a, PORT: String(await freePort()), PUBLIC_URL: `http://localhost:${portA}` }, ['serve'])
    t.match(second, { code: 1, err: /Another server is already running/ })
  })

  t.equal(await ended(servers.a!, 'SIGTERM'), 0, 'SIGTERM ends a server in order')
  t.match(
    await archipelago({ ...a, PORT: String(portB + 1) }, ['serve']),
    { code: 1, err: /belongs to the node at/ },
    'another address is refused',
  )
})

t.test('what is not understood ends with 2, what can’t be done with 1', async t => {
  const env = { DATA_DIR: join(t.testdir(), 'data') }
  for (const args of [
    ['dance'],
    ['follow'],
    ['charter', 'show', '--edition', 'x'],
    ['setup', '--listed', 'perhaps'],
    ['post', '--nonsense'],
  ])
    t.equal((await archipelago(env, args)).code, 2, args.join(' '))
  for (const args of [
    ['charter', 'show'],
    ['setup', '--charter', 'missing.json'],
  ])
    t.equal((await archipelago(env, args)).code, 1, args.join(' '))
  t.match(await archipelago({ ...env, PORT: 'x' }, ['serve']), { code: 1, err: /^PORT must be a number[^\n]*\n$/ })
  for (const command of ['setup', 'charter', 'follow', 'unfollow', 'followers', 'following', 'post', 'search', 'serve'])
    t.match(await archipelago(env, [command, '--help']), { code: 0, out: /Usage: archipelago/ }, command)
})

t.test('a bad charter file is told all its faults, and changes nothing', async t => {
  const dir = t.testdir()
  const env = { DATA_DIR: join(dir, 'data') }
  const file = join(dir, 'bad.yaml')
  writeFileSync(file, 'name: Oak\ntheme: leftt\nkind: [commune]\nstatus: forming\nthemees: [left]\n')
  const ran = await archipelago(env, ['setup', '--charter', file])
  t.match(ran, { code: 1, out: '', err: /theme: .*leftt/ })
  t.match(ran.err, /summary: is missing/)
  t.match(ran.err, /themees/)
  t.match(await archipelago(env, ['charter', 'history']), { code: 1, err: /no community yet/ })
})

t.test('a charter that is shown can be published again', async t => {
  const env = { DATA_DIR: join(t.testdir(), 'data') }
  await archipelago(env, ['setup', '--charter', examples('ephrata-cloister.yaml'), '--handle', 'ephrata'])
  const shown = parse((await archipelago(env, ['charter', 'show'])).out)
  const written = parse(readFileSync(examples('ephrata-cloister.yaml'), 'utf8'))
  t.match(shown, { name: written.name, theme: written.theme, status: 'disbanded' })
})

t.test('without a file the questions are asked', async t => {
  const env = { DATA_DIR: join(t.testdir(), 'data') }
  const answers = ['Oak Hollow', 'Woodland people.', 'ecovillage', '1', 'forming', 'ES', '', 'maybe', 'yes']
  const ran = await archipelago(env, ['setup'], `${answers.join('\n')}\n`)
  t.match(ran, { code: 0, out: /Oak Hollow is founded: @oakhollow@localhost:3000/ })
  t.match(JSON.parse((await archipelago(env, ['charter', 'show', '--json'])).out), {
    edition: 1,
    charter: { name: 'Oak Hollow', kind: ['ecovillage'], theme: 'left', status: 'forming', place: { country: 'ES' } },
  })
  const cut = await archipelago({ DATA_DIR: join(t.testdir(), 'other') }, ['setup'], 'Oak\n')
  t.match(cut, { code: 1, err: /Nothing was founded/ })
})
