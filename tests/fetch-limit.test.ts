import type { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { FETCH_LIMITS } from '../src/federation/fetch.ts'
import type { Lookup } from '../src/federation/resolve.ts'
import { answering, drip, fetcher, flood, refuses } from './helpers/fetching.ts'
import { answer, redirect, startRawServer } from './helpers/raw-server.ts'

const SHORT = 300

t.test('O-43 whoever is slow is left', async t => {
  const scripts: Record<string, (socket: Socket) => void> = {
    'says nothing': () => {},
    'drips headers': socket => {
      socket.write('HTTP/1.1 200 OK\r\nx-slow: ')
      drip(socket, 'x', 20)
    },
    'drips its body': socket => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n')
      drip(socket, '1\r\nx\r\n', 20)
    },
    'drips redirects': socket => void setTimeout(() => socket.write(redirect('/again')), 200),
  }
  for (const [message, script] of Object.entries(scripts)) {
    const server = await startRawServer(t, script)
    const start = performance.now()
    await refuses(t, 'timeout', fetcher(t, { idleMs: 50 }).get(server.url, { timeoutMs: SHORT }), message)
    t.ok(performance.now() - start < 10 * SHORT, 'in time')
    await server.deserted()
    t.pass('and the connection is closed')
  }
  const silent = (() => {}) as unknown as Lookup
  await refuses(
    t,
    'timeout',
    fetcher(t, { lookup: silent }).get('http://silent.test/', { timeoutMs: SHORT }),
    'a name server that is silent',
  )
  const never = () => new Promise<never>(() => {})
  await refuses(t, 'timeout', fetcher(t).get('http://127.0.0.1:1/', { timeoutMs: SHORT, sign: never }), 'even our own signing')
})

t.test('O-44 compressed answers', async t => {
  const bomb = gzipSync(Buffer.alloc(32 * 1_048_576))
  for (const encoding of ['gzip', 'br', 'zstd', 'deflate', 'gzip, gzip', 'GZIP', 'x-unknown']) {
    const server = await startRawServer(t, socket => socket.write(answer(bomb, { 'content-encoding': encoding })))
    await refuses(t, 'encoding', fetcher(t).get(server.url), encoding)
    t.match(server.requests[0]!.toLowerCase(), 'accept-encoding: identity')
  }
})

t.test('O-45 lengths', async t => {
  const { get } = fetcher(t)
  const serve = async (script: (socket: Socket) => void) => (await startRawServer(t, script)).url
  const megabyte = Buffer.alloc(1_048_576, 'x')
  t.equal((await get(await serve(socket => socket.write(answer(megabyte))))).body.length, 1_048_576, 'a megabyte is taken')
  await refuses(t, 'too-large', get(await serve(socket => socket.write(answer(Buffer.alloc(1_048_577, 'x'))))), 'a byte more is not')
  t.equal((await get(await serve(socket => socket.write(answer('12345'))), { maxBytes: 5 })).body.length, 5)
  await refuses(t, 'too-large', get(await serve(socket => socket.write(answer('123456'))), { maxBytes: 5 }))
  await refuses(
    t,
    'too-large',
    get(await serve(socket => socket.write(answer('', { 'content-length': '100000000000' })))),
    '100 GB promised',
  )
  const endless = await serve(socket => {
    socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n')
    flood(socket, Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(0x10000, 'x'), Buffer.from('\r\n')]))
  })
  await refuses(t, 'too-large', get(endless), 'without end, in chunks')
  const unmeasured = await serve(socket => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n')
    flood(socket, Buffer.alloc(0x10000, 'x'))
  })
  await refuses(t, 'too-large', get(unmeasured), 'without end, without a length')
  const more = await serve(socket => {
    socket.write(answer('0123456789'))
    flood(socket, Buffer.alloc(0x10000, 'x'))
  })
  t.equal((await get(more)).body.toString(), '0123456789', 'what follows the length is not read')
  const header = await serve(socket => {
    socket.write('HTTP/1.1 200 OK\r\nx-long: ')
    flood(socket, Buffer.alloc(0x10000, 'x'))
  })
  await refuses(t, 'too-large', get(header), 'a header without end')
  const headers = await serve(socket => {
    socket.write('HTTP/1.1 200 OK\r\n')
    flood(socket, Buffer.from('x-many: 1\r\n'.repeat(1000)))
  })
  await refuses(t, 'too-large', get(headers), 'headers without end')
  const hints = (count: number) =>
    serve(socket => socket.write(Buffer.concat([Buffer.from('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'.repeat(count)), answer()])))
  t.equal((await get(await hints(2))).status, 200)
  await refuses(t, 'too-large', get(await hints(1000)), 'hints')
})

t.test('whoever does not speak HTTP, or stops in the middle', async t => {
  const { get } = fetcher(t)
  const scripts: Record<string, (socket: Socket) => void> = {
    garbage: socket => socket.write('\0\xff garbage \r\n\r\n'),
    'an SSH server': socket => socket.write('SSH-2.0-OpenSSH_9.0\r\n'),
    'closes at once': socket => socket.destroy(),
    'closes in the headers': socket => socket.end('HTTP/1.1 200 OK\r\nx'),
    'closes in the body': socket => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nabc'),
    'two lengths': socket => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'),
    'an upgrade': socket => socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
    'asks to continue': socket => socket.write('HTTP/1.1 100 Continue\r\n\r\n'),
  }
  for (const [message, script] of Object.entries(scripts))
    await refuses(t, 'network', get((await startRawServer(t, script)).url, { timeoutMs: 2000 }), message)
  const gone = await startRawServer(t, () => {})
  await refuses(t, 'network', get(`http://127.0.0.1:1/`), 'nobody there')
  t.same(gone.requests, [])
})

t.test('a delivery is answered by its status, whatever comes behind', async t => {
  const { post } = fetcher(t)
  const body = Buffer.from('{"type":"Follow"}')
  const send = async (script: (socket: Socket) => void, timeoutMs = 2000) =>
    post((await startRawServer(t, script)).url, body, {
      headers: { 'content-type': 'application/activity+json', signature: 'x' },
      timeoutMs,
    })
  t.match(await send(socket => socket.write(answer('ok', {}, '202 Accepted'))), { status: 202 })
  t.match(await send(socket => socket.write(answer('no', {}, '410 Gone'))), { status: 410 })
  const dripping = await send(socket => {
    socket.write('HTTP/1.1 202 Accepted\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n')
    drip(socket, '1\r\nx\r\n', 20)
  }, SHORT)
  t.equal(dripping.status, 202, 'a body that drips')
  const start = performance.now()
  const long = await send(socket => {
    socket.write('HTTP/1.1 202 Accepted\r\ntransfer-encoding: chunked\r\n\r\n')
    flood(socket, Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(0x10000, 'x'), Buffer.from('\r\n')]))
  }, 8000)
  t.same([long.status, long.body.length], [202, 65_536], 'a body without end')
  t.ok(performance.now() - start < 4000, 'is not read on')
  const encoded = await send(socket => socket.write(answer(gzipSync('{}'), { 'content-encoding': 'gzip' }, '400 Bad Request')))
  t.same([encoded.status, encoded.body.length], [400, 0], 'a body we cannot read')
  t.equal(
    (await send(socket => socket.end('HTTP/1.1 202 Accepted\r\ncontent-length: 100\r\n\r\nabc'))).status,
    202,
    'a body that breaks off',
  )
  await refuses(
    t,
    'timeout',
    send(() => {}, SHORT),
    'no answer',
  )
  const server = await startRawServer(t, socket => socket.write(answer('', {}, '202 Accepted')))
  await post(server.url, body, { headers: { host: 'other.test', signature: 'x' } })
  t.match(server.requests[0], `host: 127.0.0.1:${server.port}\r\n`, 'the host is that of the address')
  t.match(server.requests[0], 'content-length: 17')
})

t.test('one host gets few connections, and none is kept for long', async t => {
  const server = await startRawServer(t, socket => setImmediate(() => socket.write(answer())))
  const { get } = fetcher(t, { connectionsPerHost: 2, idleMs: 50 })
  const all = await Promise.all(Array.from({ length: 20 }, (_, index) => get(`${server.url}/${index}`)))
  t.ok(all.every(({ status }) => status === 200))
  t.equal(server.mostConnections(), 2)
  await server.deserted()
  t.pass('idle connections are closed')

  const generous = await startRawServer(t, socket => socket.write(answer('{}', { 'keep-alive': 'timeout=600' })))
  const many = fetcher(t, { idleMs: 500, lookup: answering(['127.0.0.1']).lookup })
  for (let host = 0; host < 600; host += 50) {
    const found = await Promise.all(Array.from({ length: 50 }, (_, index) => many.get(`http://host${host + index}.test:${generous.port}/`)))
    t.ok(found.every(({ status }) => status === 200))
  }
  t.ok(generous.mostConnections() <= FETCH_LIMITS.keptConnections + 50, `${generous.mostConnections()} connections to 600 hosts`)
  await generous.deserted()
  t.pass('and they are closed, whatever the servers ask for')

  const hanging = await startRawServer(t, () => {})
  const one = fetcher(t, { connectionsPerHost: 1 })
  const start = performance.now()
  // Counted when the first gives up: from then on the server may still see a connection that is gone here already.
  const connected: number[] = []
  await Promise.all(
    Array.from({ length: 10 }, async (_, index) => {
      const asking = one.get(hanging.url, { timeoutMs: SHORT })
      asking.catch(() => connected.push(hanging.mostConnections()))
      await refuses(t, 'timeout', asking, `number ${index} in line`)
    }),
  )
  t.ok(performance.now() - start < 10 * SHORT, 'waiting in line counts')
  t.ok(connected[0]! <= 1, `${connected[0]} connections while ten wait`)
  const flooded = Array.from({ length: FETCH_LIMITS.underWayPerHost }, () => one.get(hanging.url, { timeoutMs: SHORT }).catch(() => {}))
  await refuses(t, 'network', one.get(hanging.url), 'nobody waits behind sixty-four')
  await Promise.all(flooded)
  await refuses(t, 'timeout', one.get(hanging.url, { timeoutMs: SHORT }), 'until they are gone')
})
