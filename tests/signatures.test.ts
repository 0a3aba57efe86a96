import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { type InnerList, parseDictionary } from 'structured-headers'
import t, { type Test } from 'tap'
import { signatureBase } from '../src/federation/rfc9421.ts'
import {
  bodyDigest,
  exportKey,
  type IncomingRequest,
  readSignature,
  type SignatureFault,
  SignatureRefusal,
  type SigningKey,
  signCavage,
  signRfc9421,
} from '../src/federation/signatures.ts'
import { jsonVector } from './helpers/root.ts'

const ORIGIN = 'https://node.test'
const NOW = new Date('2026-03-01T12:00:00Z')
const MINUTE = 60_000
const INBOX = new URL('https://node.test/c/green/inbox')
const BODY = Buffer.from('{"type":"Follow"}')
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ed25519 = generateKeyPairSync('ed25519')
const RSA: SigningKey = { id: 'https://victim.test/u/alice#main-key', algorithm: 'rsa', privateKey: rsa.privateKey }
const ED: SigningKey = { id: 'https://victim.test/u/alice#ed25519-key', algorithm: 'ed25519', privateKey: ed25519.privateKey }

const later = (minutes: number) => new Date(NOW.getTime() + minutes * MINUTE)
const arriving = (headers: IncomingHttpHeaders, more: Partial<IncomingRequest> = {}): IncomingRequest => ({
  method: 'POST',
  target: INBOX.pathname,
  headers: { host: 'node.test', ...headers },
  body: BODY,
  ...more,
})
const cavage = async (more: Partial<IncomingRequest> = {}, url = INBOX) =>
  arriving(await signCavage({ method: 'POST', url, body: BODY }, RSA, NOW), more)

function refused(t: Test, code: SignatureFault, request: IncomingRequest, now = NOW, message: string = code): void {
  try {
    readSignature(request, ORIGIN, now)
    t.fail(`taken, although ${message}`)
  } catch (error) {
    t.ok(error instanceof SignatureRefusal, message)
    t.equal((error as SignatureRefusal).code, code, message)
  }
}

function verifies(request: IncomingRequest, key: KeyObject = rsa.publicKey, now = NOW): boolean {
  return readSignature(request, ORIGIN, now).verify(key)
}

/** A signer that does as it is told: covers `names` with `values`, and says of itself what `parameters` say. */
function signWrongly(
  names: string[],
  values: Record<string, string>,
  parameters: Record<string, string | number> = {},
  make = (base: string) => sign('sha256', Buffer.from(base), rsa.privateKey),
): string {
  const base = names.map(name => `${name}: ${values[name]}`).join('\n')
  const all = { keyId: RSA.id, algorithm: 'rsa-sha256', headers: names.join(' '), signature: make(base).toString('base64'), ...parameters }
  return Object.entries(all)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => (typeof value === 'number' ? `${name}=${value}` : `${name}="${value}"`))
    .join(',')
}
const VALUES = {
  '(request-target)': 'post /c/green/inbox',
  host: 'node.test',
  date: NOW.toUTCString(),
  digest: `SHA-256=${bodyDigest(BODY)}`,
}
const PLAIN = { date: VALUES.date, digest: VALUES.digest }
const FOUR = ['(request-target)', 'host', 'date', 'digest']

t.test('the examples of draft-cavage appendix C', async t => {
  const { privatePem, request, cases } = jsonVector<{
    privatePem: string
    request: { method: string; path: string; body: string; headers: Record<string, string> }
    cases: { title: string; signature: string }[]
  }>('cavage-appendix-c.json')
  const key = createPublicKey(privatePem)
  const read = (signature: string, target = request.path) =>
    readSignature(
      { method: 'POST', target, headers: { ...request.headers, signature }, body: Buffer.from(request.body) },
      'https://example.com',
      new Date(request.headers.date!),
    )
  const [minimal, basic, all] = cases.map(({ signature }) => signature)
  t.throws(() => read(minimal!), { code: 'uncovered' }, 'C.1 covers only the date')
  t.throws(() => read(basic!), { code: 'uncovered' }, 'C.2 does not cover the body')
  const claim = read(all!)
  t.match(claim, { keyId: 'Test', kind: 'cavage' })
  t.ok(claim.verify(key), 'C.3')
  t.notOk(read(all!, '/foo?param=value&pet=cat').verify(key), 'the query is covered')
  t.notOk(claim.verify(rsa.publicKey))
})

t.test('the signature bases of RFC 9421 appendix B', async t => {
  type Case = {
    title: string
    message: string
    keyid: string
    alg: string
    signatureBase: string
    signatureInput: string
    signature: string
    label: string
  }
  const { keys, messages, cases } = jsonVector<{
    keys: Record<string, { publicPem: string }>
    messages: Record<string, string>
    cases: Case[]
  }>('rfc9421.json')
  const [start, ...lines] = messages['test-request']!.split('\n\n')[0]!.split('\n')
  const headers = Object.fromEntries(lines.map(line => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]))
  const target = { method: 'POST', scheme: 'https', authority: 'example.com', target: start!.split(' ')[1]!, headers }
  for (const { title, message, label, signatureInput, signatureBase: expected } of cases) {
    if (message !== 'test-request' || expected.includes('@query-param')) continue
    const covered = parseDictionary(signatureInput).get(label) as InnerList
    t.equal(signatureBase(covered, target).toString('latin1'), expected, title)
  }
  const ed = cases.find(({ alg }) => alg === 'ed25519')!
  const value = parseDictionary(ed.signature).get(ed.label)![0] as ArrayBuffer
  const made = sign(null, Buffer.from(ed.signatureBase), createPrivateKey((keys[ed.keyid] as unknown as { privatePem: string }).privatePem))
  t.same(Buffer.from(value), made, 'and its Ed25519 signature')
})

t.test('what we sign arrives, over real HTTP, and verifies', async t => {
  const claims: ReturnType<typeof readSignature>[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk as Buffer))
    request.on('end', () => {
      claims.push(
        readSignature(
          { method: request.method!, target: request.url!, headers: request.headers, body: Buffer.concat(chunks) },
          origin,
          new Date(),
        ),
      )
      response.end()
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const origin = `http://127.0.0.1:${(server.address() as { port: number }).port}`
  const url = new URL('/c/green/inbox?page=2&q=a%20b', origin)
  const digest = bodyDigest(BODY)
  const send = async (method: 'GET' | 'POST', headers: Record<string, string>) => {
    const { host: _, ...rest } = headers
    const answer = await fetch(url, { method, headers: rest, ...(method === 'POST' ? { body: BODY } : {}) })
    t.equal(answer.status, 200)
  }
  await send('POST', await signCavage({ method: 'POST', url, body: BODY, digest }, RSA, new Date()))
  await send('GET', await signCavage({ method: 'GET', url }, RSA, new Date()))
  await send('POST', await signRfc9421({ method: 'POST', url, body: BODY, digest }, RSA, new Date()))
  await send('POST', await signRfc9421({ method: 'POST', url, body: BODY }, ED, new Date()))
  await send('GET', await signRfc9421({ method: 'GET', url }, ED, new Date()))
  t.same(
    claims.map(({ kind, keyId }) => `${kind} ${keyId}`),
    [`cavage ${RSA.id}`, `cavage ${RSA.id}`, `rfc9421 ${RSA.id}`, `rfc9421 ${ED.id}`, `rfc9421 ${ED.id}`],
  )
  t.same(
    claims.map(claim => claim.verify(rsa.publicKey)),
    [true, true, true, false, false],
  )
  t.same(
    claims.map(claim => claim.verify(ed25519.publicKey)),
    [false, false, false, true, true],
  )
})

t.test('a header that is sent twice is one that nobody signed', async t => {
  const seen: IncomingHttpHeaders[] = []
  const server = createServer((request, response) => {
    seen.push(request.headers)
    response.end()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const { signature, date, digest } = await signCavage({ method: 'POST', url: INBOX, body: BODY }, RSA, NOW)
  const send = (extra: string) =>
    new Promise<void>(resolve => {
      const socket = connect((server.address() as { port: number }).port, '127.0.0.1')
      socket.on('close', () => resolve()).resume()
      socket.end(
        `GET / HTTP/1.1\r\nhost: node.test\r\ndate: ${date}\r\ndigest: ${digest}\r\nsignature: ${signature}\r\n${extra}connection: close\r\n\r\n`,
      )
    })
  for (const extra of ['', `signature: ${signature}\r\n`, `digest: ${digest}\r\n`, `date: ${date}\r\n`]) await send(extra)
  const [once, signatures, digests, dates] = seen
  t.ok(verifies(arriving(once!)))
  refused(t, 'malformed', arriving(signatures!))
  refused(t, 'digest', arriving(digests!))
  refused(t, 'malformed', arriving(dates!))
  refused(t, 'malformed', arriving({ ...once, signature: [signature!, signature!] as unknown as string }))
})

t.test('O-02 the body is the one that was signed', async t => {
  const request = await cavage()
  t.ok(verifies(request))
  const other = Buffer.from('{"type":"Delete"}')
  refused(t, 'digest', { ...request, body: other }, NOW, 'the body was changed')
  const recomputed = { ...request, body: other, headers: { ...request.headers, digest: `SHA-256=${bodyDigest(other)}` } }
  t.notOk(verifies(recomputed), 'and its digest with it')
  const right = bodyDigest(BODY)
  for (const digest of [
    '',
    `SHA-512=${right}`,
    `SHA-256=${right.slice(0, -1)}`,
    `SHA-256=${right},SHA-256=${right}`,
    `SHA-256=${Buffer.from('short').toString('base64')}`,
    `SHA-256="${right}"`,
  ])
    refused(t, 'digest', arriving({ ...PLAIN, digest, signature: signWrongly(FOUR, { ...VALUES, digest }) }), NOW, `Digest: ${digest}`)
  for (const digest of [`sha-256=${right}`, `SHA-512=AAAA, SHA-256=${right}`])
    t.ok(verifies(arriving({ ...PLAIN, digest, signature: signWrongly(FOUR, { ...VALUES, digest }) })), `Digest: ${digest}`)
})

t.test('O-03 O-04 what has to be covered is covered', async t => {
  for (const missing of FOUR) {
    const names = FOUR.filter(name => name !== missing)
    refused(t, 'uncovered', arriving({ ...PLAIN, signature: signWrongly(names, VALUES) }), NOW, `without ${missing}`)
  }
  refused(t, 'uncovered', arriving({ ...PLAIN, signature: signWrongly(['date'], VALUES) }), NOW, 'date only')
  refused(
    t,
    'uncovered',
    arriving({ ...PLAIN, signature: signWrongly(FOUR, VALUES, { algorithm: 'hs2019', headers: '', created: NOW.getTime() / 1000 }) }),
    NOW,
    'no list is (created) only',
  )
  const elsewhere = { ...(await cavage({}, new URL('https://node.test/u/other/inbox'))), target: '/c/green/inbox' }
  t.notOk(verifies(elsewhere), 'made for another inbox')
  t.notOk(verifies(await cavage({ target: '/c/green/inbox?x=1' })), 'a query was added')
  t.notOk(verifies(await cavage({ method: 'PUT' })), 'another method')
  const get = arriving(await signCavage({ method: 'GET', url: INBOX }, RSA, NOW), { method: 'GET', body: undefined })
  t.ok(verifies(get), 'GET needs no digest')
  refused(t, 'uncovered', { ...get, body: BODY }, NOW, 'unless it has a body')
})

t.test('O-05 the request was made for this host', async t => {
  const request = await cavage({}, new URL('https://other.test/c/green/inbox'))
  refused(t, 'host', request)
  t.notOk(verifies({ ...request, headers: { ...request.headers, host: 'node.test' } }), 'with Host set right')
  refused(
    t,
    'host',
    { ...request, headers: { ...request.headers, 'x-forwarded-host': 'node.test' } },
    NOW,
    'X-Forwarded-Host counts for nothing',
  )
  const own = await cavage()
  const { host: _, ...without } = own.headers
  refused(t, 'host', { ...own, headers: without })
  for (const host of ['node.test.evil.test', 'node.test:444', 'node.test@evil.test', ' ', 'node.test.'])
    refused(t, 'host', arriving({ ...PLAIN, host, signature: signWrongly(FOUR, { ...VALUES, host }) }), NOW, host)
  for (const host of ['NODE.test', 'node.test:443'])
    t.ok(verifies(arriving({ ...PLAIN, host, signature: signWrongly(FOUR, { ...VALUES, host }) })), host)
})

t.test('O-06 the date is at most 65 minutes past and 60 ahead', async t => {
  const request = await cavage()
  for (const minutes of [66, 65.1, 10_000, -61, -60.1, -10_000]) refused(t, 'stale', request, later(minutes), `${minutes} minutes later`)
  for (const minutes of [64, 65, -59, -60, 0]) t.ok(verifies(request, rsa.publicKey, later(minutes)), `${minutes} minutes later`)
  for (const date of [
    '',
    'yesterday',
    '2026-03-01T12:00:00Z',
    'Sun, 1 Mar 2026 12:00:00 GMT',
    'Mon, 01 Mar 2026 12:00:00 GMT',
    'Sun, 01 Mar 2026 12:00:00 +0000',
    'Sat, 31 Feb 2026 12:00:00 GMT',
  ])
    refused(t, 'malformed', arriving({ ...PLAIN, date, signature: signWrongly(FOUR, { ...VALUES, date }) }), NOW, `Date: ${date}`)

  const created = Math.floor(NOW.getTime() / 1000)
  const names = ['(request-target)', '(created)', 'host', 'digest']
  const hs2019 = (parameters: Record<string, number>, covered = names) => {
    const values = { ...VALUES, '(created)': String(parameters.created), '(expires)': String(parameters.expires) }
    return arriving({ digest: VALUES.digest, signature: signWrongly(covered, values, { algorithm: 'hs2019', ...parameters }) })
  }
  t.ok(verifies(hs2019({ created })), '(created) stands for the date')
  refused(t, 'stale', hs2019({ created: created - 66 * 60 }))
  refused(t, 'stale', hs2019({ created: created + 61 * 60 }))
  refused(t, 'stale', hs2019({ created: created - 64 * 60, expires: created - 63 * 60 }), NOW, 'expires shortens, signed or not')
  refused(t, 'stale', hs2019({ created: created - 70 * 60, expires: created + 3600 }, [...names, '(expires)']), NOW, 'and never lengthens')
  refused(t, 'malformed', hs2019({}), NOW, 'covers (created) and does not say it')
  refused(
    t,
    'malformed',
    arriving({ digest: VALUES.digest, signature: signWrongly(names, { ...VALUES, '(created)': String(created) }, { created }) }),
    NOW,
    '(created) with rsa-sha256',
  )
  const both = signWrongly(
    [...FOUR, '(created)'],
    { ...VALUES, '(created)': String(created - 7200) },
    { algorithm: 'hs2019', created: created - 7200 },
  )
  refused(t, 'stale', arriving({ ...PLAIN, signature: both }), NOW, 'every date that is signed counts')
})

t.test('O-08 unsigned is unsigned', async t => {
  refused(t, 'unsigned', arriving({}))
  refused(t, 'unsigned', arriving({ signature: '' }))
  refused(t, 'unsigned', arriving({ authorization: `Signature ${signWrongly(FOUR, VALUES)}` }))
})

t.test('O-11 the key decides the algorithm', async t => {
  const pem = exportKey(rsa.publicKey)
  const hmac = (base: string) => createHmac('sha256', pem).update(base).digest()
  refused(t, 'algorithm', arriving({ ...PLAIN, signature: signWrongly(FOUR, VALUES, { algorithm: 'hmac-sha256' }, hmac) }))
  t.notOk(
    verifies(arriving({ ...PLAIN, signature: signWrongly(FOUR, VALUES, { algorithm: 'hs2019' }, hmac) })),
    'an HMAC under an honest name',
  )
  const sha1 = (base: string) => sign('sha1', Buffer.from(base), rsa.privateKey)
  refused(t, 'algorithm', arriving({ ...PLAIN, signature: signWrongly(FOUR, VALUES, { algorithm: 'rsa-sha1' }, sha1) }))
  t.notOk(verifies(arriving({ ...PLAIN, signature: signWrongly(FOUR, VALUES, {}, sha1) })), 'SHA-1 under another name')
  for (const algorithm of ['none', 'ecdsa-sha256', 'ed25519', 'rsa-sha512', 'constructor'])
    refused(t, 'algorithm', arriving({ ...PLAIN, signature: signWrongly(FOUR, VALUES, { algorithm }) }), NOW, algorithm)
  for (const algorithm of ['', 'rsa-sha256', 'RSA-SHA256', 'hs2019'])
    t.ok(verifies(arriving({ ...PLAIN, signature: signWrongly(FOUR, VALUES, { algorithm }) })), algorithm || 'absent')
  const edwards = (base: string) => sign(null, Buffer.from(base), ed25519.privateKey)
  t.notOk(
    verifies(arriving({ ...PLAIN, signature: signWrongly(FOUR, VALUES, { algorithm: 'hs2019' }, edwards) }), ed25519.publicKey),
    'draft-cavage is for RSA',
  )
  await t.rejects(signCavage({ method: 'POST', url: INBOX, body: BODY }, ED, NOW))
})

t.test('a Signature header that cannot be read in one way only is not read', async t => {
  const good = signWrongly(FOUR, VALUES)
  const broken: [string, string][] = [
    ['x', 'a word'],
    [`${good},keyId="https://evil.test/key"`, 'keyId twice'],
    [good.replace('keyId=', 'keyid='), 'no keyId'],
    [good.replace(/keyId="[^"]*"/, 'keyId=""'), 'an empty keyId'],
    [good.replace(/keyId="[^"]*"/, `keyId="${'a'.repeat(2049)}"`), 'a long keyId'],
    [good.replace(/signature="[^"]*"/, 'signature=""'), 'an empty signature'],
    [good.replace(/signature="[^"]*"/, 'signature="!!!"'), 'not base64'],
    [good.replace(/signature="[^"]*"/, `signature="${'A'.repeat(2000)}"`), 'a long signature'],
    [good.replace('(request-target) host', 'host  host'), 'a header twice'],
    [good.replace(' digest"', ' digest date"'), 'the date twice'],
    [good.replace(' digest"', ' digest __proto__"'), 'a header that is none'],
    [good.replace(' digest"', ' digest x-missing"'), 'a header that is not there'],
    [good.replace(' digest"', ' digest (created)"').replace('rsa-sha256', 'hs2019'), '(created) without a value'],
    [good.replace(' digest"', ' digest (target)"'), 'a component that is unknown'],
    [`${good} trailing`, 'something behind'],
    [`${'a'.repeat(8200)}="b"`, 'too long'],
    [`${'a="'.repeat(2000)}`, 'quotes without end'],
  ]
  const start = process.cpuUsage()
  for (const [signature, message] of broken) refused(t, 'malformed', arriving({ ...PLAIN, signature }), NOW, message)
  t.ok(process.cpuUsage(start).user < 200_000, 'quickly')
  for (const target of ['*', 'http://node.test/c/green/inbox', '', '/a b', '/a\nhost: other'])
    refused(t, 'malformed', arriving({ ...PLAIN, signature: good }, { target }), NOW, `target ${JSON.stringify(target)}`)
  refused(
    t,
    'malformed',
    arriving({ ...PLAIN, signature: signWrongly([...FOUR, 'x-a'], { ...VALUES, 'x-a': '1' }), 'x-a': '1\ndate: x' }),
    NOW,
    'a line break',
  )
})

t.test('RFC 9421: coverage, time, digest and algorithm', async t => {
  const url = new URL('https://node.test/c/green/inbox?page=1')
  const target = '/c/green/inbox?page=1'
  /** Signs what it is told to. */
  const make = (components: string, parameters: string, headers: Record<string, string> = {}, key: SigningKey = RSA) => {
    const input = `sig1=${components}${parameters}`
    const all: Record<string, string> = { host: 'node.test', 'content-digest': `sha-256=:${bodyDigest(BODY)}:`, ...headers }
    const base = signatureBase(parseDictionary(input).get('sig1') as InnerList, {
      method: 'POST',
      scheme: 'https',
      authority: 'node.test',
      target,
      headers: all,
    })
    const value = sign(key.algorithm === 'rsa' ? 'sha256' : null, base, key.privateKey).toString('base64')
    return arriving({ ...all, 'signature-input': input, signature: `sig1=:${value}:` }, { target })
  }
  const created = Math.floor(NOW.getTime() / 1000)
  const by = (more = '') => `;created=${created};keyid="${RSA.id}"${more}`
  const all = '("@method" "@target-uri" "content-digest")'
  for (const components of [
    all,
    '("@method" "@authority" "@request-target" "content-digest")',
    '("@method" "@authority" "@path" "@query" "content-digest")',
    '("content-digest" "@target-uri" "host" "@scheme" "@method")',
  ])
    t.ok(verifies(make(components, by())), components)
  for (const components of [
    '()',
    '("@method")',
    '("@method" "@target-uri")',
    '("@target-uri" "content-digest")',
    '("@method" "@path" "content-digest")',
    '("@method" "@authority" "content-digest")',
    '("@method" "@authority" "@path" "content-digest")',
  ])
    refused(t, 'uncovered', make(components, by()), NOW, components)
  for (const components of [
    '("@method" "@method" "@target-uri" "content-digest")',
    '("@method" "@target-uri" "content-digest";sf)',
    '("@method";req "@target-uri" "content-digest")',
  ])
    refused(
      t,
      'malformed',
      { ...make(all, by()), headers: { ...make(all, by()).headers, 'signature-input': `sig1=${components}${by()}` } },
      NOW,
      components,
    )

  refused(t, 'stale', make(all, `;keyid="${RSA.id}"`), NOW, 'no created')
  refused(t, 'stale', make(all, `;created=${created - 66 * 60};keyid="k"`))
  refused(t, 'stale', make(all, `;created=${created + 61 * 60};keyid="k"`))
  refused(t, 'stale', make(all, by(`;expires=${created - 3601}`)))
  refused(t, 'stale', make(all, `;created=${created - 70 * 60};expires=${created + 3600};keyid="k"`), NOW, 'expires does not lengthen')
  refused(t, 'malformed', make(all, ';created="now";keyid="k"'))
  refused(t, 'malformed', make(all, `;created=${created}`), NOW, 'no keyid')
  for (const alg of ['hmac-sha256', 'rsa-pss-sha512', 'ecdsa-p256-sha256', 'none', 'toString'])
    refused(t, 'algorithm', make(all, by(`;alg="${alg}"`)), NOW, alg)
  t.notOk(verifies(make(all, by(';alg="ed25519"'))), 'says another algorithm than its key has')
  t.ok(verifies(make(all, by(';alg="ed25519";tag="x";nonce="y"'), {}, ED), ed25519.publicKey))

  const good = arriving(await signRfc9421({ method: 'POST', url, body: BODY }, RSA, NOW), { target })
  t.ok(verifies(good))
  t.notOk(verifies({ ...good, target: '/c/green/inbox?page=2' }), 'another query')
  refused(t, 'host', { ...good, headers: { ...good.headers, host: 'other.test' } })
  refused(t, 'digest', { ...good, body: Buffer.from('{}') })
  refused(t, 'digest', make(all, by(), { 'content-digest': `sha-512=:${Buffer.alloc(64).toString('base64')}:` }), NOW, 'SHA-512 alone')
  refused(t, 'digest', make(all, by(), { 'content-digest': `sha-256=${bodyDigest(BODY)}` }), NOW, 'in the old form')
})

t.test('RFC 9421: several signatures, or two kinds at once', async t => {
  const { 'signature-input': input, signature, ...rest } = await signRfc9421({ method: 'POST', url: INBOX, body: BODY }, RSA, NOW)
  const created = Math.floor(NOW.getTime() / 1000)
  const two = arriving({
    ...rest,
    'signature-input': `weak=("@method");created=${created};keyid="w", ${input}`,
    signature: `weak=:AAAA:, ${signature}`,
  })
  t.equal(readSignature(two, ORIGIN, NOW).keyId, RSA.id, 'the first that covers enough')
  t.ok(verifies(two))
  refused(
    t,
    'uncovered',
    arriving({
      ...rest,
      'signature-input': `weak=("@method");created=${created};keyid="w", sig2=${input!.slice(5)}`,
      signature: 'weak=:AAAA:',
    }),
    NOW,
    'the first fault is told',
  )
  const old = await signCavage({ method: 'POST', url: INBOX, body: BODY }, RSA, NOW)
  refused(t, 'malformed', arriving({ ...rest, ...old, 'signature-input': input! }), NOW, 'a new input with an old signature')
  refused(t, 'malformed', arriving({ ...old, 'signature-input': '(' }), NOW, 'a broken input does not fall back')
  refused(t, 'malformed', arriving({ ...rest, 'signature-input': input! }), NOW, 'an input without a signature')
  refused(t, 'malformed', arriving({ ...rest, 'signature-input': 'sig1=1', signature: signature! }))
  refused(t, 'malformed', arriving({ ...rest, 'signature-input': input!, signature: 'sig1="text"' }))
  const many = Array.from({ length: 50 }, (_, index) => `s${index}=("@method");created=${created};keyid="w"`).join(', ')
  refused(
    t,
    'malformed',
    arriving({ ...rest, 'signature-input': `${many}, ${input}`, signature: signature! }),
    NOW,
    'nobody looks at fifty',
  )
})
