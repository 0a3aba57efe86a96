import { createHash, createHmac, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { Agent } from 'node:http'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import t from 'tap'
import { allFollowers } from '../../src/db/follower.ts'
import { exportKey } from '../../src/federation/signatures.ts'
import { ended, serve } from '../helpers/command.ts'
import { startForeign } from '../helpers/foreign.ts'
import { freePort, settle } from '../helpers/node.ts'
import { startRawServer } from '../helpers/raw-server.ts'
import { hostile } from './harness.ts'
import { forge, post, rsaSha256 } from './signing.ts'

const MINUTE = 60_000
const KINDS = ['cavage', 'rfc9421'] as const

t.test('signatures and identity', async t => {
  const hanging = await startRawServer(t, () => {})
  const world = await hostile(t, { friends: ['hanging.test', 'two.test'] })
  const { node, evil, victim, inbox } = world
  const { key } = evil
  const follow = () => evil.activity('Follow', node.actor)
  const FOUR = ['(request-target)', 'host', 'date', 'digest']

  await world.attack('O-01 an activity of alice, signed by mallory', async t => {
    const body = { ...evil.note('x'), attributedTo: victim.me }
    for (const kind of KINDS) {
      const create = { ...evil.activity('Create', body), actor: victim.me }
      t.equal((await post(inbox, create, { key, kind })).status, 401, kind)
      t.equal((await post(inbox, { ...create, id: victim.newId() }, { key, kind })).status, 401, `${kind}, with an id of hers`)
      const asHer = { ...key, id: victim.key.id }
      t.equal((await post(inbox, { ...create, id: victim.newId() }, { key: asHer, kind })).status, 401, `${kind}, naming her key`)
    }
    await settle(node)
    node.clock.offsetMs = 5000
    await settle(node)
    node.clock.offsetMs = 0
  })

  await world.attack('O-02 a body changed after signing, with its digest or without', async t => {
    const changed = JSON.stringify(follow())
    const digest = createHash('sha256').update(changed).digest('base64')
    for (const kind of KINDS) {
      const renewed = { digest: `SHA-256=${digest}`, 'content-digest': `sha-256=:${digest}:` }
      t.equal((await post(inbox, follow(), { key, kind, body: changed })).status, 401, kind)
      t.equal((await post(inbox, follow(), { key, kind, body: changed, headers: renewed })).status, 401, `${kind}, digest made anew`)
    }
  })

  await world.attack('O-03 a digest that the signature does not cover', async t => {
    const body = JSON.stringify(follow())
    const make = rsaSha256(key.privateKey)
    const headers = forge(inbox, body, { keyId: key.id, names: FOUR.slice(0, 3), make })
    t.match(headers.digest, /^SHA-256=/)
    t.equal((await post(inbox, body, { headers })).status, 401)
  })

  await world.attack('O-04 a signature over the date only, or for another inbox', async t => {
    const body = JSON.stringify(follow())
    const make = rsaSha256(key.privateKey)
    t.equal((await post(inbox, body, { headers: forge(inbox, body, { keyId: key.id, names: ['date'], make }) })).status, 401)
    for (const kind of KINDS) {
      for (const path of ['/u/other/inbox', '/inbox', '/node/inbox', '/c/oak/inbox?x=1'])
        t.equal((await post(inbox, body, { key, kind, signedFor: `${node.url}${path}` })).status, 401, `${kind}, for ${path}`)
    }
  })

  // A proxy in front must not be a way around.
  const behindProxy = await hostile(t, { env: { TRUST_PROXY: '127.0.0.1,::1' } })
  for (const [it, how] of [
    [world, ''],
    [behindProxy, ', with a proxy that is trusted'],
  ] as const) {
    await it.attack(`O-05 a request for another host, replayed here${how}`, async t => {
      const { host } = new URL(it.inbox)
      for (const kind of KINDS) {
        const replay = (headers: Record<string, string>) =>
          post(it.inbox, it.victim.activity('Follow', it.node.actor), {
            key: it.victim.key,
            kind,
            signedFor: it.inbox.replace(host, 'other.test'),
            headers,
          })
        for (const headers of [
          { host },
          { host: 'other.test' },
          { host, 'x-forwarded-host': 'other.test' },
          { host: 'other.test', 'x-forwarded-host': host },
          { host: 'other.test', forwarded: `host="${host}"` },
        ])
          t.equal((await replay(headers)).status, 401, `${kind} ${JSON.stringify(headers)}`)
      }
    })
  }

  await world.attack('O-06 dates at the edges of the window', async t => {
    for (const kind of KINDS) {
      for (const [minutes, status] of [
        [-66, 401],
        [-64, 202],
        [59, 202],
        [61, 401],
      ] as const) {
        const at = new Date(Date.now() + minutes * MINUTE)
        t.equal((await post(inbox, evil.activity('Wave', node.actor), { key, kind, at })).status, status, `${kind}, ${minutes} minutes`)
      }
    }
  })

  await world.attack(
    'O-07 the same Follow again after its Undo',
    async t => {
      const bytes = JSON.stringify(follow())
      t.equal((await post(inbox, bytes, { key })).status, 202)
      await settle(node)
      t.equal(allFollowers(node.ctx.db).length, 1)
      t.equal((await post(inbox, evil.activity('Undo', JSON.parse(bytes)), { key })).status, 202)
      for (const kind of KINDS) t.equal((await post(inbox, bytes, { key, kind })).status, 202)
      await settle(node)
      t.same(allFollowers(node.ctx.db), [])
      node.clock.offsetMs = 2 * 366 * 24 * 60 * MINUTE
      t.equal((await post(inbox, bytes, { key, at: node.ctx.now() })).status, 202, 'two years later')
      node.clock.offsetMs = 0
      await settle(node)
      t.same(allFollowers(node.ctx.db), [])
    },
    // It was followed, and left: that is told.
    { changes: ['events', 'activities', 'entries'] },
  )

  t.test('O-08 unsigned, in every NODE_ENV', async t => {
    const stranger = await startForeign(t)
    const folder = t.testdir()
    const modes = [undefined, 'development', 'test', 'production']
    await Promise.all(
      modes.map(async (mode, index) => {
        const port = await freePort()
        const data = join(folder, `data-${index}`)
        const env = { PORT: String(port), DATA_DIR: data, ALLOW_PRIVATE_ADDRESSES: 'true', ...(mode ? { NODE_ENV: mode } : {}) }
        const server = await serve(env)
        t.teardown(() => server.kill('SIGKILL'))
        const document = stranger.activity('Follow', `http://localhost:${port}/node`)
        for (const path of ['/inbox', '/node/inbox'])
          t.equal((await post(`http://localhost:${port}${path}`, document)).status, 401, `${mode} ${path}`)
        await ended(server, 'SIGTERM')
        const db = new Database(join(data, 'archipelago.sqlite'), { readonly: true })
        t.same(db.prepare('select iri from received').all(), [], `${mode}: nothing has come in`)
        db.close()
      }),
    )
    t.same(stranger.asked, [], 'nor was anything asked')
  })

  await world.attack('O-09 5,000 keys on one host that hangs', async t => {
    const host = `http://hanging.test:${hanging.port}`
    const body = JSON.stringify({ ...evil.activity('Wave', node.actor), id: `${host}/1`, actor: `${host}/users/x` })
    const agent = new Agent({ keepAlive: true, maxSockets: 400 })
    t.teardown(() => agent.destroy())
    const { signature = '', ...signed } = forge(inbox, body, { keyId: 'KEY', make: () => randomBytes(256) })
    const bad = (index: number) =>
      post(inbox, body, { agent, headers: { ...signed, signature: signature.replace('KEY', `${host}/keys/${index}`) } })
    const honest: number[] = []
    const good = async () => {
      const start = performance.now()
      t.equal((await post(inbox, victim.activity('Wave', node.actor), { key: victim.key })).status, 202)
      honest.push(performance.now() - start)
    }
    const statuses = new Map<number, number>()
    const flood = async (from: number, step: number) => {
      for (let index = from; index < 5000; index += step) {
        const { status, headers } = await bad(index)
        if (status === 503 && !headers['retry-after']) t.fail('a 503 without Retry-After')
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
      }
    }
    const attackers = Promise.all(Array.from({ length: 300 }, (_, from) => flood(from, 300)))
    for (let count = 0; count < 50; count++) await good()
    await attackers
    honest.sort((a, b) => a - b)
    t.ok(
      [...statuses.keys()].every(status => status === 503 || status === 401),
      JSON.stringify([...statuses]),
    )
    t.ok(honest[47]! <= 1000, `p95 of the honest is ${Math.round(honest[47]!)} ms`)
    t.equal(hanging.requests.length, 1, 'it was asked once')
    node.clock.offsetMs = 4 * MINUTE
    t.equal((await bad(5001)).status, 503)
    t.equal(hanging.requests.length, 1, 'and not again for five minutes')
    node.clock.offsetMs = 0
  })

  await world.attack(
    'O-10 a signature by another key than it names',
    async t => {
      const [one, two] = [1, 2].map(() => generateKeyPairSync('rsa', { modulusLength: 2048 }))
      const me = `${evil.origin}/users/two`
      const pem = (id: string, publicKey: KeyObject) => ({ id: `${me}#${id}`, owner: me, publicKeyPem: exportKey(publicKey) })
      evil.serve('/users/two', {
        body: evil.actor('two', undefined, { publicKey: [pem('one', one!.publicKey), pem('two', two!.publicKey)] }),
      })
      const wave = () => ({ ...evil.activity('Wave', node.actor), actor: me })
      const by = (id: string, privateKey: KeyObject) => ({ id: `${me}#${id}`, algorithm: 'rsa' as const, privateKey })
      for (const kind of KINDS) {
        t.equal((await post(inbox, wave(), { key: by('one', two!.privateKey), kind })).status, 401, 'names the first')
        t.equal((await post(inbox, wave(), { key: by('three', two!.privateKey), kind })).status, 401, 'names none there is')
        t.equal((await post(inbox, wave(), { key: by('two', two!.privateKey), kind })).status, 202, 'names itself')
      }
    },
    { changes: ['actors', 'actor_keys'] },
  )

  await world.attack('O-11 algorithms that confuse keys, or none', async t => {
    const pem = exportKey(createPublicKey(key.privateKey))
    const hmac = (base: string) => createHmac('sha256', pem).update(base).digest()
    const sha1 = (base: string) => sign('sha1', Buffer.from(base), key.privateKey)
    const right = rsaSha256(key.privateKey)
    const cases: [string, (base: string) => Buffer, number][] = [
      ['hmac-sha256', hmac, 401],
      ['hs2019', hmac, 401],
      ['rsa-sha1', sha1, 401],
      ['rsa-sha256', sha1, 401],
      ['none', () => Buffer.from('x'), 401],
      ['none', right, 401],
      ['', right, 202],
      ['', hmac, 401],
    ]
    for (const [algorithm, make, status] of cases) {
      const body = JSON.stringify(evil.activity('Wave', node.actor))
      const headers = forge(inbox, body, { keyId: key.id, algorithm, make })
      t.equal((await post(inbox, body, { headers })).status, status, `${algorithm || 'no algorithm'}: ${status}`)
    }
  })

  await world.attack('O-12 keys that are weak or enormous', async t => {
    const jwk = (n: Buffer, e: number[]) => {
      const numbers = { n: n.toString('base64url'), e: Buffer.from(e).toString('base64url') }
      return exportKey(createPublicKey({ key: { kty: 'RSA', ...numbers }, format: 'jwk' }))
    }
    const modulus = (bits: number) => {
      const bytes = randomBytes(bits / 8)
      bytes[0]! |= 0x80
      bytes[bytes.length - 1]! |= 1
      return bytes
    }
    const short = generateKeyPairSync('rsa', { modulusLength: 1024 })
    const usual = [1, 0, 1]
    const cases: [string, string, (base: string) => Buffer][] = [
      ['rsa1024', exportKey(short.publicKey), rsaSha256(short.privateKey)],
      ['exponent1', jwk(modulus(2048), [1]), padded],
      ['rsa65536', jwk(modulus(65_536), usual), () => randomBytes(1024)],
      ['pem900k', `-----BEGIN PUBLIC KEY-----\n${'A'.repeat(900_000)}\n-----END PUBLIC KEY-----`, () => randomBytes(256)],
    ]
    for (const [name, publicKeyPem, make] of cases) {
      const me = `${evil.origin}/users/${name}`
      evil.serve(`/users/${name}`, {
        body: evil.actor(name, undefined, { publicKey: { id: `${me}#main-key`, owner: me, publicKeyPem } }),
      })
      const body = JSON.stringify({ ...follow(), actor: me })
      const headers = forge(inbox, body, { keyId: `${me}#main-key`, make })
      const start = process.cpuUsage()
      t.equal((await post(inbox, body, { headers })).status, 401, name)
      const { user, system } = process.cpuUsage(start)
      t.ok(user + system <= 100_000, `${name}: ${Math.round((user + system) / 1000)} ms of CPU`)
    }
  })
})

/** What verifies under an exponent of 1: the padded hash itself (RFC 8017, EMSA-PKCS1-v1_5). */
function padded(base: string): Buffer {
  const hash = createHash('sha256').update(base).digest()
  const tail = Buffer.concat([Buffer.from('3031300d060960864801650304020105000420', 'hex'), hash])
  return Buffer.concat([Buffer.from([0, 1]), Buffer.alloc(256 - 3 - tail.length, 0xff), Buffer.from([0]), tail])
}
