import t from 'tap'
import { publishPost } from '../../src/actions/post.ts'
import { saveEntry } from '../../src/db/directory.ts'
import { transact } from '../../src/db/open.ts'
import { postByIri } from '../../src/db/post.ts'
import { anEntry } from '../helpers/entries.ts'
import { settle } from '../helpers/node.ts'
import { visit } from '../helpers/page.ts'
import { befriend, hostile } from './harness.ts'

const CALL = 'alert(1)'
const HANDLERS = ['onerror', 'onload', 'onclick', 'onfocus', 'onmouseover', 'ontoggle', 'onbegin', 'onanimationstart', 'onpointerenter']
const SCHEMES = [
  'javascript:',
  'java\tscript:',
  'JaVaScRiPt:',
  '&#106;avascript:',
  '&#x6A;avascript:',
  '\u0001javascript:',
  'data:text/html,',
  'vbscript:',
]

/** Sixty ways to run a script, or to load or restyle something. */
const PAYLOADS = [
  ...HANDLERS.map(name => `<img src=x ${name}=${CALL}>`),
  ...HANDLERS.map(name => `<svg ${name}="${CALL}"><a xlink:href="javascript:${CALL}">x</a></svg>`),
  ...SCHEMES.map(scheme => `<a href="${scheme}${CALL}">x</a>`),
  ...SCHEMES.map(scheme => `<form action="${scheme}${CALL}"><button formaction="${scheme}${CALL}">x</button></form>`),
  ...[`<script>${CALL}</script>`, `<SCRIPT/x>${CALL}</SCRIPT >`, `<scr<script>ipt>${CALL}</script>`, '<script src=//evil.test></script>'],
  ...[
    `<iframe srcdoc="<script>${CALL}</script>"></iframe>`,
    `<iframe src="javascript:${CALL}">`,
    '<object data="data:text/html,x"></object>',
  ],
  ...['<embed src="//evil.test/x">', '<base href="https://evil.test/">', '<meta http-equiv="refresh" content="0;url=//evil.test">'],
  ...[
    '<link rel="stylesheet" href="//evil.test/x.css">',
    '<style>*{background:url(//evil.test)}</style>',
    '<p style="position:fixed">x</p>',
  ],
  ...[
    `<template><script>${CALL}</script></template>`,
    `<noscript><p title="</noscript><img src=x onerror=${CALL}>">`,
    '<input autofocus onfocus=alert(1)>',
  ],
  ...[
    `<math><mtext><table><mglyph><style><img src=x onerror=${CALL}>`,
    `<![CDATA[><img src=x onerror=${CALL}>]]>`,
    `<!--><img src=x onerror=${CALL}>-->`,
  ],
  ...[`<video><source onerror=${CALL}></video>`, `<details open ontoggle=${CALL}>x</details>`, `<marquee onstart=${CALL}>x</marquee>`],
  ...[
    '<video src="https://evil.test/x" autoplay>',
    '<audio src=x onerror=alert(1)>',
    '<body onload=alert(1)>',
    `<xss id=x tabindex=1 ${'onfocusin'}=${CALL}>`,
  ],
  ...['"><svg/onload=alert(1)>', "'-alert(1)-'", `\${${CALL}}`, '{{constructor.constructor("alert(1)")()}}'],
]

/** What no page may hold: elements that run or load, attributes that do, addresses that are not of the web. */
function harm(html: string): string[] {
  const ours = html
    .replace(/<script type="application\/ld\+json">[^<]*<\/script>/g, '')
    .replace(/<script src="\/assets\/[\w.-]+\?v=[\w-]+" defer><\/script>/g, '')
    .replace(/<link [^>]*href="\/[^>]*>/g, '')
  const tags = ours.match(/<[a-z!/][^>]*>/gi) ?? []
  return tags.filter(tag => {
    const attributes = tag.replace(/="[^"]*"/g, '=""')
    const runs = /^<(script|iframe|object|embed|base|style|template|math|mglyph|video|audio|source|marquee|noscript|body \w|xss)\b/i.test(
      tag,
    )
    const refreshes = /^<meta[^>]*refresh/i.test(tag)
    const attribute = /\s(on\w+|style|srcdoc|formaction|xlink:href)\s*=/i.test(attributes)
    const address = /\s(href|src|action)="\s*(?!https?:|\/(?!\/)|\?|#|mailto:|acct:|")/i.test(tag)
    return runs || refreshes || attribute || address
  })
}

t.test('what strangers write', async t => {
  const world = await hostile(t)
  const { node, evil, deliver, attack } = world
  await befriend(world)
  const ours = publishPost(node.ctx, 'Say something')
  transact(node.ctx.db, tx => saveEntry(tx, anEntry({ actor: evil.me, host: evil.host, handle: 'mallory', url: evil.me })))

  await attack(
    'O-62 sixty ways to run a script, in every field of a post, on every page that shows it',
    async t => {
      t.ok(PAYLOADS.length >= 60, `${PAYLOADS.length} of them`)
      for (const payload of PAYLOADS) {
        const note = evil.note(`<p>Word</p>${payload}`, {
          ...{ name: payload, summary: payload, url: payload, inReplyTo: ours.iri },
          ...{
            tag: [
              { type: 'Hashtag', name: `#${payload}`, href: payload },
              { type: 'Mention', name: payload, href: node.actor },
            ],
          },
          attachment: [{ type: 'Image', url: payload, name: payload }],
        })
        t.equal((await deliver(evil, evil.activity('Create', note))).status, 202)
        const kept = postByIri(node.ctx.db, String(note.id))!
        t.same(harm(`${kept.content}`), [], payload)
        t.match(kept.url, /^https?:/, 'its address is one of the web')
      }
      await settle(node)
      for (const path of [`/communities/${evil.host}/mallory`, new URL(ours.url).pathname, '/', '/c/oak', '/about']) {
        const page = await visit(node, path)
        t.equal(page.status, 200, path)
        t.same(harm(page.html), [], path)
      }
      const api = await node.get(`/api/directory/${evil.host}/mallory`, 'application/json')
      t.match(api.headers.get('content-type') ?? 'application/json', /^application\/json/)
    },
    { changes: true },
  )

  await attack(
    'O-64 addresses that are not of the web, in the profile of an actor',
    async t => {
      for (const scheme of [...SCHEMES, '//evil.test/', 'file:///', 'urn:']) {
        const profile = {
          ...evil.actor('mallory'),
          ...{ name: `<img src=x onerror=${CALL}>`, summary: `<a href="${scheme}${CALL}">x</a>`, url: `${scheme}${CALL}` },
          icon: { type: 'Image', url: `${scheme}${CALL}` },
          attachment: [{ type: 'PropertyValue', name: 'site', value: `<a href="${scheme}${CALL}">x</a>` }],
        }
        t.ok((await deliver(evil, evil.activity('Update', profile))).status < 500)
        const { url, icon, name, summary } = node.ctx.db.$client
          .prepare('select url, icon, name, summary from actors where id = ?')
          .get(evil.me) as { url: string; icon: string | null; name: string; summary: string }
        t.match(url, /^https?:\/\//, scheme)
        t.ok(icon === null || /^https?:\/\//.test(icon), `${scheme}: ${icon}`)
        t.same(harm(summary), [], scheme)
        t.notMatch(name, /<img/, 'a name is words')
      }
    },
    { changes: true },
  )
})
