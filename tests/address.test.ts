import t from 'tap'
import { isPublicAddress } from '../src/federation/address.ts'
import { guardedConnector, guardedLookup } from '../src/federation/connect.ts'
import type { FetchFault } from '../src/federation/fetch.ts'
import { createResolver, type Lookup } from '../src/federation/resolve.ts'
import { startCanary } from './helpers/canary.ts'
import { startDnsServer } from './helpers/dns-server.ts'
import { answering, fetcher, refuses } from './helpers/fetching.ts'
import { answer, startRawServer } from './helpers/raw-server.ts'

t.test('O-37 O-38 O-39 which addresses are public', async t => {
  const open = [
    '8.8.8.8',
    '1.1.1.1',
    '193.99.144.80',
    '172.15.0.1',
    '172.32.0.1',
    '100.63.255.255',
    '100.128.0.1',
    '198.17.0.1',
    '2606:4700:4700::1111',
    '2a01:4f8::1',
    '2001:4860:4860::8888',
    '2003::1',
  ]
  const closed = [
    ...[
      '0.0.0.0',
      '0.1.2.3',
      '10.0.0.1',
      '100.64.0.1',
      '100.127.255.255',
      '127.0.0.1',
      '127.255.255.254',
      '169.254.169.254',
      '172.16.0.1',
      '172.31.255.255',
    ],
    ...[
      '192.0.0.1',
      '192.0.2.1',
      '192.88.99.1',
      '192.168.0.1',
      '198.18.0.1',
      '198.19.255.255',
      '198.51.100.1',
      '203.0.113.1',
      '224.0.0.1',
      '239.255.255.255',
      '240.0.0.1',
      '255.255.255.255',
    ],
    ...[
      '::',
      '::1',
      '::127.0.0.1',
      '::8.8.8.8',
      '::ffff:127.0.0.1',
      '::ffff:a9fe:a9fe',
      '::ffff:8.8.8.8',
      '::ffff:0:8.8.8.8',
      '64:ff9b::7f00:1',
      '64:ff9b::8.8.8.8',
      '64:ff9b:1::1',
    ],
    ...[
      '100::1',
      '2001::1',
      '2001:0:4136:e378:8000:63bf:3fff:fdd2',
      '2001:2::1',
      '2001:10::1',
      '2001:20::1',
      '2001:db8::1',
      '2002:7f00:1::',
      '2002:0808:0808::1',
      '3fff::1',
      '3fff:fff::1',
    ],
    ...[
      '4000::1',
      '5f00::1',
      '8000::1',
      'fc00::1',
      'fd12:3456::1',
      'fe80::1',
      'fe80::1%lo',
      '2a01:4f8::1%eth0',
      'fec0::1',
      'ff02::1',
      'ffff::1',
    ],
    ...['', 'localhost', '127.1', '2130706433', '0x7f.1', '0177.0.0.1', '8.8.8', '08.8.8.8', '8.8.8.8 ', '[::1]', 'example.com'],
  ]
  for (const ip of open) t.ok(isPublicAddress(ip), ip)
  for (const ip of closed) t.notOk(isPublicAddress(ip), ip || 'nothing')
})

t.test('O-37 addresses of this machine, however they are written', async t => {
  const canary = await startCanary(t)
  const { get, post } = fetcher(t, { allowPrivate: false, lookup: answering(['127.0.0.1']).lookup })
  const hosts = [
    '127.0.0.1',
    '2130706433',
    '0x7f.1',
    '127.1',
    '0177.0.0.1',
    '127.0.0.1.',
    '①27.0.0.1',
    '127。0。0。1',
    '0.0.0.0',
    '0',
    'localhost',
    'LOCALHOST.',
    'a.localhost',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::127.0.0.1]',
    '[64:ff9b::127.0.0.1]',
    '[2002:7f00:1::]',
    'inside.test',
  ]
  for (const host of hosts) {
    await refuses(t, 'address', get(`https://${host}:${canary.port}/`), host)
    await refuses(t, 'address', post(`https://${host}:${canary.port}/`, Buffer.from('{}'), { headers: {} }), `POST to ${host}`)
  }
  t.equal(canary.hits(), 0, 'nobody knocked')
})

t.test('O-38 O-39 names that lead inside', async t => {
  const canary = await startCanary(t)
  for (const ip of [
    '10.0.0.1',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '127.0.0.1',
    '::1',
    'fc00::1',
    'fe80::1',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
  ]) {
    const { get } = fetcher(t, { allowPrivate: false, lookup: answering([ip]).lookup })
    await refuses(t, 'address', get(`https://inside.test:${canary.port}/`), ip)
  }
  t.equal(canary.hits(), 0)
  const given = (addresses: string[], options = {}) =>
    new Promise(resolve =>
      guardedLookup({ allowPrivate: false, lookup: answering(addresses).lookup })('mixed.test', { all: true, ...options }, (error, found) =>
        resolve(error ?? found),
      ),
    )
  const public4 = { address: '8.8.8.8', family: 4 }
  const public6 = { address: '2606:4700::1', family: 6 }
  t.same(
    await given(['10.0.0.1', '8.8.8.8', '127.0.0.1', '2606:4700::1', '::1', '8.8.8.8']),
    [public4, public6],
    'only the public ones, each once',
  )
  t.same(await given(['2606:4700::1', '8.8.8.8'], { family: 4 }), [public4], 'of the family that was asked for')
  t.same(await given(['8.8.8.8'], { all: false }), '8.8.8.8')
  t.match(await given([]), { code: 'address' })
  t.equal(((await given(Array.from({ length: 100 }, (_, index) => `8.8.8.${index}`))) as unknown[]).length, 2, 'a hundred are not tried')
})

t.test('O-40 a name that changes its mind between two questions', async t => {
  const { lookup, asked } = answering(['8.8.8.8'], ['127.0.0.1'])
  const guarded = guardedLookup({ allowPrivate: false, lookup })
  const ask = () => new Promise(resolve => guarded('rebind.test', { all: true }, (error, found) => resolve(error ?? found)))
  t.same(await ask(), [{ address: '8.8.8.8', family: 4 }], 'the address that was checked is the one to connect to')
  t.match(await ask(), { code: 'address' })
  t.equal(asked(), 2)
  const server = await startRawServer(t, socket => socket.write(answer()))
  const once = answering(['127.0.0.1'])
  await fetcher(t, { lookup: once.lookup }).get(`http://a.test:${server.port}/`)
  t.equal(once.asked(), 1, 'nobody asks twice for one connection')
})

t.test('whoever is reached by a way around is told nothing', async t => {
  const canary = await startCanary(t)
  // A literal asks no resolver: this is the last of the three guards, alone.
  const connect = guardedConnector({ allowPrivate: false, timeoutMs: 1000 })
  const error = await new Promise(resolve =>
    connect({ hostname: '127.0.0.1', host: '127.0.0.1', protocol: 'http:', port: String(canary.port) }, (...[error]) => resolve(error)),
  )
  t.match(error, { code: 'address' })
  t.equal(canary.bytes(), 0)
})

t.test('addresses that are not fetched at all', async t => {
  const { get } = fetcher(t, { allowPrivate: false, lookup: answering(['127.0.0.1']).lookup })
  const cases: [FetchFault, string][] = [
    ['url', ''],
    ['url', '/path'],
    ['url', 'http://[::1'],
    ['scheme', 'http://example.com/'],
    ['scheme', 'file:///etc/passwd'],
    ['scheme', 'data:application/json,{}'],
    ['scheme', 'ftp://example.com/'],
    ['scheme', 'javascript:1'],
    ['credentials', 'https://node.test@evil.test/'],
    ['credentials', 'https://:secret@evil.test/'],
    ['port', 'https://example.com:25/'],
    ['port', 'https://example.com:22/'],
    ['port', 'https://example.com:80/'],
  ]
  for (const [code, url] of cases) await refuses(t, code, get(url), url || 'nothing')
  await refuses(t, 'scheme', fetcher(t).get('file:///etc/passwd'), 'not in a village either')
})

t.test('names are resolved by asking name servers, not in the thread pool', async t => {
  const dns = await startDnsServer(t, {
    'both.test': { A: ['192.0.2.7'], AAAA: ['2001:db8:0:0:0:0:0:7'] },
    'four.test': { A: ['192.0.2.8', '192.0.2.9'], AAAA: 'silent' },
    'six.test': { AAAA: ['2001:db8:0:0:0:0:0:8'] },
    'inside.test': { A: ['127.0.0.1'] },
  })
  const resolve = createResolver([dns.address])
  const ask = (name: string) =>
    new Promise(done =>
      resolve(name, {}, (error, found) => done(error?.code ?? found.map(({ address, family }) => `${family} ${address}`))),
    )
  t.same(await ask('both.test'), ['4 192.0.2.7', '6 2001:db8::7'])
  const start = performance.now()
  t.same(await ask('four.test'), ['4 192.0.2.8', '4 192.0.2.9'])
  t.ok(performance.now() - start < 3000, 'a server that never speaks of IPv6 is not waited for')
  t.same(await ask('six.test'), ['6 2001:db8::8'])
  t.match(await ask('localhost'), /127\.0\.0\.1|::1/, 'what the name servers do not know may be in /etc/hosts')
  const canary = await startCanary(t)
  await refuses(
    t,
    'address',
    fetcher(t, { allowPrivate: false, lookup: resolve as unknown as Lookup }).get(`https://inside.test:${canary.port}/`),
  )
  t.equal(canary.hits(), 0)
})
