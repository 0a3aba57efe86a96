import { connect } from 'node:net'
import { text as textOf } from 'node:stream/consumers'
import t from 'tap'
import { addPost } from '../src/db/post.ts'
import { PLAIN } from '../src/domain/post.ts'
import { anEntry, saveAll } from './helpers/entries.ts'
import { startNode } from './helpers/node.ts'
import { visit } from './helpers/page.ts'

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</title><script>alert(1)</script>',
  '<!--',
  '--><svg onload=alert(1)>',
  '</textarea></style></script><iframe srcdoc="x">',
  '{{constructor.constructor("alert(1)")()}}',
  '[x](javascript:alert(1)) ![x](data:text/html,x) <javascript:alert(1)>',
]
// Every tag a page of ours may hold; the only scripts are those we ship, and pictures take only from our outline of the world.
const OURS =
  /^<(\/?(html|head|title|body|main|search|header|footer|nav|section|article|aside|div|p|span|a|ul|ol|li|dl|dt|dd|h[1-5]|bdi|time|strong|em|b|i|s|del|code|pre|blockquote|details|summary|form|label|button|select|option|svg|path|g|circle|text|wbr)\b[^>]*|br\/?|(meta|link|input|wbr) ?[^>]*|script src="\/assets\/(copy|map|compare)\.js\?v=[\w-]+" defer|\/script|use class="\w+" href="\/map\/files\/world\.svg\?v=[\w-]+#\w+"[^>]*|\/use|!doctype html)>$/

function strangers(html: string): string[] {
  // A block of data is not run; that nothing in it can end it is seen by there being no < in it.
  const tags = html.replace(/<script type="application\/ld\+json">[^<]*<\/script>/g, '').match(/<[^>]*>/g) ?? []
  return tags.filter(
    tag =>
      !OURS.test(tag) ||
      /\s(on\w+|style|srcdoc)=/i.test(tag.replace(/"[^"]*"/g, '""')) ||
      /(href|src)="\s*(javascript|data|vbscript):/i.test(tag),
  )
}

t.test('O-62: nothing a community writes runs or loads on any page', async t => {
  const node = await startNode(t, { handle: 'oak' })
  for (const [n, payload] of HOSTILE.entries()) {
    const text = `Word${n} ${payload}`
    const entry = anEntry({
      host: `h${n}.test`,
      handle: `x${n}"><b>`,
      url: n % 2 ? 'javascript:alert(1)' : `https://h${n}.test/"onclick="alert(1)`,
      charter: {
        name: text,
        summary: text,
        contact: text,
        membershipProcess: text,
        place: { region: text, locality: text, country: 'ES' },
        agreements: [{ title: text, text, version: text.slice(0, 40) }],
        affiliations: [{ name: text }],
      },
    })
    saveAll(node.ctx.db, [entry])
    const post = {
      author: entry.actor,
      ...PLAIN,
      local: false,
      type: 'Note' as const,
      name: text,
      summary: n % 2 ? text : null,
      source: null,
      publishedAt: new Date(),
    }
    node.ctx.db.transaction(tx => addPost(tx, { ...post, iri: `https://h${n}.test/o`, url: 'javascript:alert(1)', content: payload }))

    for (const path of [`/?q=word${n}`, `/communities/h${n}.test/${encodeURIComponent(entry.handle)}`]) {
      const page = await visit(node, path)
      t.equal(page.status, 200, path)
      t.match(page.text, `Word${n}`, path)
      t.same(strangers(page.html), [], path)
    }
  }
})

t.test('O-62: nothing in an address runs either', async t => {
  const node = await startNode(t, { founded: false })
  for (const payload of HOSTILE) {
    const code = encodeURIComponent(payload)
    for (const path of [
      `/?q=${code}`,
      `/?theme=${code}`,
      `/?${code}=1`,
      `/?cursor=${code}`,
      `/${code}`,
      `/c/${code}`,
      `/communities/${code}/${code}`,
      `/o/${code}`,
      `/@${code}`,
    ]) {
      const page = await visit(node, path)
      t.ok(page.status < 500, path)
      t.same(strangers(page.html), [], path)
    }
  }
})

t.test('O-66: every answer to a browser has the strict headers', async t => {
  const node = await startNode(t, { handle: 'oak' })
  saveAll(node.ctx.db, [anEntry()])
  const paths = [
    '/',
    '/?q=%',
    '/about',
    '/c/oak',
    '/c/oak/charter',
    '/c/oak/charter/1',
    '/communities/brookfarm.test/brookfarm',
    '/@oak',
    '/o/charter-1',
    '/api',
    '/assets/style.css',
    '/nowhere',
    '/c/nobody',
    '/communities/x/y',
  ]
  for (const path of paths) {
    const { headers } = await visit(node, path)
    const policy = headers.get('content-security-policy') ?? ''
    for (const rule of [
      "default-src 'none'",
      "style-src 'self'",
      "img-src 'self' data:",
      "form-action 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
      "script-src 'self'",
    ])
      t.ok(policy.split(';').includes(rule), `${path}: ${rule}`)
    t.notMatch(policy, 'unsafe', path)
    t.equal(headers.get('x-content-type-options'), 'nosniff', path)
    t.equal(headers.get('referrer-policy'), 'same-origin', path)
    t.equal(headers.get('set-cookie'), null, `${path}: no cookie`)
    t.equal(headers.get('strict-transport-security'), null, `${path}: a node without TLS does not ask for it`)
  }
  const secure = await startNode(t, { env: { PUBLIC_URL: 'https://oak.test' } })
  const answer = await secure.app.server.inject({ url: '/', headers: { host: 'oak.test' } })
  t.match(answer.headers['strict-transport-security'], /max-age=31536000/)
})

t.test('O-67: a name that plays with letters stays within its own bounds', async t => {
  const node = await startNode(t)
  const zalgo = `Z${'\u0301'.repeat(90)}a`
  saveAll(node.ctx.db, [
    anEntry({ host: 'xn--pypal-4ve.test', handle: 'аdmin\u202eevil', charter: { name: zalgo, summary: `long ${'word '.repeat(90)}` } }),
    anEntry({ host: 'b.test', handle: 'soft', charter: { name: 'Brook\u00ad\u200b Farm' } }),
  ])
  const { html, text } = await visit(node, '/')
  t.notMatch(html, /[\u202a-\u202e\u2066-\u2069\u200b\u00ad]/, 'no character that reorders or hides')
  t.match(html, /<h3><a href="[^"]*"><bdi>.\u0301{0,4}a<\/bdi>/, 'accents do not pile up')
  t.match(html, /<bdi class="handle">@аdminevil@xn--pypal-4ve\.test<\/bdi>/, 'the host as DNS knows it, isolated')
  t.match(text, 'Brook Farm', 'what can not be seen is not there')
})

t.test('O-68: no address of this site leads a browser away from it', async t => {
  const node = await startNode(t, { handle: 'oak' })
  const host = encodeURIComponent(node.ctx.config.host)
  const paths = [
    '//evil.test',
    '/\\evil.test',
    '/%2f/evil.test',
    '/%5cevil.test',
    '/@//evil.test',
    '/@%2f%2fevil.test',
    '/@oak//evil.test',
    `/communities/${host}/%2f%2fevil.test`,
    `/communities/${host}/..%2f..%2fevil.test`,
    '/o/charter-1//evil.test',
    '/?next=//evil.test',
    '/\tevil.test',
  ]
  for (const path of paths) {
    const head = await rawHead(node.ctx.config.listen.port, path)
    const location = /^location: (.*)$/im.exec(head)?.[1]
    if (location) t.equal(new URL(location, node.url).origin, node.url, `${JSON.stringify(path)} leads to ${location}`)
    t.match(head, /^HTTP\/1\.1 (200|30[1378]|400|404)/, JSON.stringify(path))
  }
})

t.test('assets may be kept for ever under their own hash, and nothing else is served', async t => {
  const node = await startNode(t)
  const { html } = await visit(node, '/')
  const sheet = /href="(\/assets\/style\.css\?v=[\w-]+)"/.exec(html)?.[1] ?? ''
  const kept = await visit(node, sheet)
  t.match(kept.headers.get('cache-control'), /immutable/)
  t.match(kept.headers.get('content-type'), /^text\/css/)
  t.equal((await visit(node, '/assets/style.css')).headers.get('cache-control'), 'no-cache')
  t.equal(
    (await visit(node, '/assets/style.css?v=old')).headers.get('cache-control'),
    'no-cache',
    'an old hash is not the new file for ever',
  )
  for (const path of ['/assets/', '/assets/nothing.css', '/assets/..%2findex.ts', '/assets/%2e%2e/index.ts', '/assets/.env'])
    t.match(String((await visit(node, path)).status), /^40[034]$/, path)
  t.equal(
    (await node.get('/nowhere', 'application/json')).headers.get('content-type'),
    'application/json; charset=utf-8',
    'a program is told in JSON',
  )
})

/** Sends the path exactly as it stands, as no browser or library would. */
async function rawHead(port: number, path: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.end(`GET ${path} HTTP/1.1\r\nHost: localhost:${port}\r\nAccept: text/html\r\nConnection: close\r\n\r\n`)
  return (await textOf(socket)).split('\r\n\r\n')[0] ?? ''
}
