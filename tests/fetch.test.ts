import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { startCanary } from './helpers/canary.ts'
import { answering, fetcher, refuses } from './helpers/fetching.ts'
import { answer, redirect, startRawServer } from './helpers/raw-server.ts'
import { vector } from './helpers/root.ts'

t.test('a plain fetch', async t => {
  const server = await startRawServer(t, socket =>
    socket.write(answer('{"id":1}', { 'x-two': 'a\r\nx-two: b', 'Content-Encoding': 'identity' })),
  )
  const found = await fetcher(t).get(`${server.url}/actor?x=1#main-key`)
  t.match(found, {
    status: 200,
    headers: { 'content-type': 'application/activity+json', 'x-two': 'a, b' },
    url: { href: `${server.url}/actor?x=1` },
  })
  t.equal(found.body.toString(), '{"id":1}')
  const head = server.requests[0]!.toLowerCase()
  t.match(head, /^get \/actor\?x=1 http\/1\.1/)
  t.match(head, 'accept: application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams"')
  t.match(head, 'user-agent: archipelago/1.0 (+https://node.test)')
  t.match(head, 'accept-encoding: identity')
  await fetcher(t, { lookup: answering(['127.0.0.1']).lookup }).get(`http://Example.COM.:${server.port}/`, {
    accept: 'application/jrd+json',
  })
  t.match(server.requests[1]!.toLowerCase(), `host: example.com:${server.port}\r\n`, 'one spelling of the host')
  t.match(server.requests[1], 'accept: application/jrd+json')
})

t.test('O-42 redirects', async t => {
  const other = await startRawServer(t, socket => socket.write(answer('{"other":true}')))
  const canary = await startCanary(t)
  const places: Record<string, () => Buffer> = {
    '/end': () => answer('{"end":true}'),
    '/1': () => redirect('/end', '301 Moved Permanently'),
    '/2': () => redirect('/1', '307 Temporary Redirect'),
    '/3': () => redirect('/2', '308 Permanent Redirect'),
    '/4': () => redirect('/3'),
    '/loop': () => redirect('/loop'),
    '/away': () => redirect(`http://localhost:${other.port}/there`),
    '/file': () => redirect('file:///etc/passwd'),
    '/data': () => redirect('data:application/json,{}'),
    '/ftp': () => redirect('ftp://example.com/'),
    '/named': () => redirect(`http://user:pass@127.0.0.1:${canary.port}/`),
    '/broken': () => redirect('http://[::1'),
    '/nowhere': () => answer('moved', {}, '302 Found'),
    '/304': () => answer('', { location: '/end' }, '304 Not Modified'),
  }
  const server = await startRawServer(t, (socket, head) => socket.write(places[head.split(' ')[1]!]!()))
  const { get, post } = fetcher(t, { lookup: answering(['127.0.0.1']).lookup })
  const { body, url } = await get(`${server.url}/3`)
  t.equal(body.toString(), '{"end":true}', 'three are followed')
  t.equal(url.pathname, '/end')
  await refuses(t, 'redirect', get(`${server.url}/4`), 'a fourth is not')
  const before = server.requests.length
  await refuses(t, 'redirect', get(`${server.url}/loop`))
  t.equal(server.requests.length - before, 4)
  for (const place of ['/file', '/data', '/ftp']) await refuses(t, 'scheme', get(server.url + place), place)
  await refuses(t, 'credentials', get(`${server.url}/named`))
  await refuses(t, 'redirect', get(`${server.url}/broken`))
  t.equal((await get(`${server.url}/nowhere`)).status, 302, 'a redirect to nowhere is just an answer')
  t.equal((await get(`${server.url}/304`)).status, 304)
  t.equal(canary.hits(), 0)

  const signed: string[] = []
  const sign = async ({ method, url }: { method: string; url: URL }) => {
    signed.push(`${method} ${url.pathname}`)
    return { date: 'now', signature: `for ${url.pathname}` }
  }
  const from = server.requests.length
  await get(`${server.url}/2`, { sign })
  t.same(signed, ['GET /2', 'GET /1', 'GET /end'], 'signed anew for every hop')
  t.same(
    server.requests.slice(from).map(head => /signature: (.*)/.exec(head)?.[1]),
    ['for /2', 'for /1', 'for /end'],
  )
  t.equal((await get(`${server.url}/away`, { sign })).body.toString(), '{"other":true}')
  t.notMatch(other.requests[0]!, /signature|date: now/i, 'a signature is for nobody else')
  t.equal(signed.at(-1), 'GET /away')

  const answered = await post(`${server.url}/1`, Buffer.from('{}'), { headers: { 'content-type': 'application/activity+json' } })
  t.equal(answered.status, 301, 'a delivery is not carried on')
})

t.test('https: certificates are checked, and nobody is led from https to http', async t => {
  const plain = await startRawServer(t, socket => socket.write(answer()))
  const server = createServer({ key: vector('tls/key.pem'), cert: vector('tls/certificate.pem') }, (request, response) => {
    if (request.url === '/down') response.writeHead(302, { location: `http://localhost:${plain.port}/` })
    response.end('{"secure":true}')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  const trusting = fetcher(t, { ca: vector('tls/certificate.pem'), lookup: answering(['127.0.0.1']).lookup })
  t.equal((await trusting.get(`https://node.test:${port}/`)).body.toString(), '{"secure":true}')
  await refuses(t, 'redirect', trusting.get(`https://node.test:${port}/down`))
  await refuses(t, 'network', trusting.get(`https://other.test:${port}/`), 'a certificate for another name')
  await refuses(t, 'network', fetcher(t).get(`https://localhost:${port}/`), 'a certificate of nobody')
  t.same(plain.requests, [])
})
