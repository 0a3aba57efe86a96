import { request } from 'node:http'
import t, { type Test } from 'tap'
import { publishCharter } from '../src/actions/charter.ts'
import { needPledges } from '../src/actions/pledge.ts'
import { publishPost } from '../src/actions/post.ts'
import { LOCALES } from '../src/web/locale.ts'
import { aCharter } from './helpers/charters.ts'
import { anEntry, saveAll } from './helpers/entries.ts'
import { fillIn, send } from './helpers/form.ts'
import { startNode } from './helpers/node.ts'
import { linkTo } from './helpers/page.ts'

const PLACE = { precision: 'region' as const, country: 'ES' as const, region: 'Catalonia' }

/** A page as a browser asks for it that prefers some language, or remembers one. `path` goes out as it is written here. */
function ask(port: number, path: string, headers: Record<string, string> = {}) {
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; html: string }>((resolve, reject) => {
    const asked = request(
      { host: '127.0.0.1', port, path, headers: { accept: 'text/html', host: `localhost:${port}`, ...headers } },
      answer => {
        let html = ''
        answer.setEncoding('utf8')
        answer.on('data', (part: string) => {
          html += part
        })
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, html }))
      },
    )
    asked.on('error', reject).end()
  })
}

async function aNode(t: Test) {
  const node = await startNode(t, {
    handle: 'oldmill',
    charter: { name: 'Old Mill', kind: ['commune'], theme: 'anarchist', place: PLACE, languages: ['ca'], adults: 3, sharedMeals: 'daily' },
  })
  saveAll(node.ctx.db, [anEntry()])
  return { node, port: Number(new URL(node.url).port) }
}

t.test('a page is in the language the browser prefers, and says which it is', async t => {
  const { port } = await aNode(t)
  const inLanguage = (language: string) => ask(port, '/', { 'accept-language': language })
  for (const [preferred, locale, words] of [
    ['es-MX,es;q=0.9,en;q=0.5', 'es', 'Encuentra una comunidad'],
    ['fr', 'fr', 'Trouver une communauté'],
    ['de-AT', 'de', 'Eine Gemeinschaft finden'],
    ['pt-BR,en;q=0.1', 'pt', 'Encontre uma comunidade'],
    ['ar-EG', 'ar', 'ابحث عن مجتمع'],
    ['nl, ja;q=0.5', 'en', 'Find a community'],
    ['de;q=0.2, fr;q=0.8', 'fr', 'Trouver une communauté'],
    ['*', 'en', 'Find a community'],
    [';;;q=x', 'en', 'Find a community'],
  ] as const) {
    const page = await inLanguage(preferred)
    t.equal(page.status, 200)
    t.match(page.html, `<html lang="${locale}" dir="${locale === 'ar' ? 'rtl' : 'ltr'}">`, preferred)
    t.match(page.html, `<h1>${words}</h1>`, preferred)
    t.equal(page.headers['content-language'], locale)
    t.match(page.headers.vary, /Accept-Language, Cookie/)
    t.notOk(page.headers['set-cookie'], 'nobody is remembered who chose nothing')
  }
})

t.test('what a community says in controlled words is said in the language of the page', async t => {
  const { port } = await aNode(t)
  const page = await ask(port, '/c/oldmill', { 'accept-language': 'de' })
  for (const words of ['Kommune', 'Anarchistisch', 'Catalonia, Spanien', '3 Erwachsene', 'Katalanisch', 'jeden Tag', 'Die Charta'])
    t.match(page.html, words)
  t.match(page.headers.vary, 'Accept, Accept-Language, Cookie', 'and the fediverse gets its own at the same address')
  const search = await ask(port, '/?theme=anarchist', { 'accept-language': 'ar' })
  t.match(search.html, 'أناركي')
  t.match(search.html, 'إسبانيا', 'countries too')
  t.match(search.html, 'مجتمع واحد', 'a plural of the language itself')
})

t.test('every page can be had in every language', async t => {
  const { node, port } = await aNode(t)
  const { url } = publishPost(node.ctx, 'Bread on Saturday')
  const paths = ['/', '/?q=zebra&theme=left&near=1', '/c/oldmill', '/c/oldmill/charter', '/c/oldmill/charter/1', new URL(url).pathname]
  paths.push('/communities/brookfarm.test/brookfarm', '/about', '/network', '/api', '/nowhere', '/c/nobody', '/intent/follow?object=x')
  paths.push('/intent/follow?object=https://a.test/b', '/intent/create?content=a')
  for (const locale of Object.keys(LOCALES))
    for (const path of paths) {
      const { status, html, headers } = await ask(port, path, { cookie: `a=b; lang=${locale}`, 'accept-language': 'en' })
      t.ok(status < 500, `${path} ${locale}`)
      t.match(html, `<html lang="${locale}" dir="${locale === 'ar' ? 'rtl' : 'ltr'}">`, path)
      t.equal(headers['content-language'], locale, path)
      t.equal(html.match(/<h1/g)?.length, 1, `${path}: one h1`)
      t.notMatch(html.replace(/<[^>]*>/g, ' '), path === '/api' ? /\[object/ : /\[object|undefined|\{\w+\}/, `${path} ${locale}`)
    }
})

t.test('another language can be chosen at the foot of every page, and is remembered', async t => {
  const { port } = await aNode(t)
  const page = await ask(port, '/?q=mill&theme=anarchist')
  const link = linkTo(page, 'Deutsch') ?? ''
  t.equal(link, '/?q=mill&theme=anarchist&lang=de')
  const chosen = await ask(port, link)
  t.equal(chosen.status, 303)
  t.equal(chosen.headers.location, '/?q=mill&theme=anarchist', 'the same page, without it')
  t.match(chosen.headers['set-cookie'], [/^lang=de; Path=\/; Max-Age=\d+; SameSite=Lax$/])
  t.equal(chosen.headers['cache-control'], 'no-store')
  const again = await ask(port, '/', { cookie: 'lang=de', 'accept-language': 'fr' })
  t.match(again.html, '<html lang="de"', 'a choice counts for more than what the browser prefers')
  t.match(again.html, /lang="de" hreflang="de" rel="nofollow" aria-current="true">Deutsch/)
  t.match((await ask(port, '/', { cookie: 'lang=xx' })).html, '<html lang="en"')
  const none = await ask(port, '/about?lang=xx')
  t.equal(none.status, 200, 'a language nobody wrote changes nothing')
  t.notOk(none.headers['set-cookie'])
})

t.test('a page repeats nothing of a stranger’s address, and comes back to it all the same', async t => {
  const { port } = await aNode(t)
  const path = '/intent/follow?object=https://evil.example/'
  const page = await ask(port, '/intent/follow?object=https://a.test/b&to=https://evil.example/')
  t.notMatch(page.html, 'evil.example')
  const link = linkTo(page, 'Español') ?? ''
  t.equal(link, '/intent/follow?lang=es')
  const from = (referer: string) => ask(port, link, { referer })
  t.equal((await from(`http://localhost:${port}${path}`)).headers.location, '/intent/follow?object=https%3A%2F%2Fevil.example%2F')
  for (const other of [`http://localhost:${port}/other?q=1`, `https://evil.example${path}`, 'nonsense', '//', ''])
    t.equal((await from(other)).headers.location, '/intent/follow', other)
})

t.test('to choose a language never leads to another host', async t => {
  const { port } = await aNode(t)
  for (const path of [
    '//evil.example/?lang=es',
    '/\\evil.example/?lang=es',
    '///evil.example?lang=es',
    '/\\/evil.example?lang=es',
    '//?lang=es',
    '//[?lang=es',
  ]) {
    const { status, headers } = await ask(port, path)
    t.ok(status === 303 || status === 404, `${path}: ${status}`)
    const to = new URL(headers.location === undefined ? '/' : String(headers.location), `http://localhost:${port}/`)
    t.equal(to.host, `localhost:${port}`, path)
  }
  t.equal((await ask(port, '/about?lang=es')).status, 303, 'and the node is still there')
})

t.test('who reads Arabic is told nothing in English, whatever goes wrong', async t => {
  const charter = {
    name: 'قرية القمر',
    summary: 'قرية في الجبل',
    status: 'forming' as const,
    agreements: [{ title: 'الأرض', text: 'مشتركة.' }],
  }
  const node = await startNode(t, { handle: 'moon', charter })
  needPledges(node.ctx, 12)
  publishCharter(node.ctx, aCharter({ ...charter, adults: 4, openToMembers: 'waitlist', visitorProcess: 'اكتب لنا' }))
  saveAll(node.ctx.db, [
    anEntry({ host: 'h.test', handle: 'h', charter: { ...charter, place: PLACE, joinFee: { amount: 3, currency: 'EUR' } } }),
  ])
  const headers = { 'accept-language': 'ar' }
  const [inquiry, pledge] = [
    await fillIn(node, '/c/moon/inquire', { name: 'قمر', wish: 'visit', message: 'هل لديكم مكان؟' }, { headers }),
    await fillIn(node, '/c/moon/pledge', { name: 'قمر' }, { headers }),
  ]
  t.same([inquiry.status, pledge.status], [303, 303])
  const gets = [
    ...['/', '/?q=zzz', '/?near=zzz', '/?near=Springfield', '/?scope=network', '/?country=QQ&language=1&near=1,2&within=x&bbox=1&sort=x'],
    ...[
      '/?cursor=x',
      '/?theme=x&kind=x',
      '/match',
      '/match?setting=x&near=91,2&joinFee=x&currency=ZZZ&must=x&weight.near=must',
      '/match?words=x',
    ],
    ...[
      '/match?children=yes&country=ES&edit=yes',
      '/compare',
      '/compare?c=x&add=x',
      `/compare?c=@h@h.test&c=@moon@${node.ctx.config.host}`,
    ],
    ...[
      '/c/moon',
      '/c/moon/charter',
      '/c/moon/charter/1',
      '/c/moon/charter/9',
      '/c/moon/charter/2/diff',
      '/c/moon/charter/2/diff?from=9',
      '/c/x',
    ],
    ...['/communities/h.test/h', '/communities/a.test/x', '/follow', '/follow?community=@h@h.test', '/c/moon/inquire', '/c/moon/pledge'],
    ...[inquiry.location, pledge.location, '/inquiries/x', '/pledges/x', '/inquiries/erased', '/pledges/withdrawn', '/about', '/network'],
    ...[
      '/policy',
      '/intent/follow',
      '/intent/follow?object=x',
      '/intent/create',
      '/o/x',
      '/@x',
      '/media/x',
      '/map/files/x',
      '/map/towns/en/1/2/3',
    ],
    ...['/nowhere', '/c/x/feed.atom', '/oauth/authorize', '/join/x'],
  ]
  for (const path of gets) {
    const answer = await fetch(node.url + path, { headers: { ...headers, accept: 'text/html' } })
    t.same(englishIn(await answer.text()), [], path)
  }
  const long = 'ق'.repeat(9_000)
  const posts: [path: string, fields: Record<string, string>][] = [
    ['/follow', {}],
    ['/follow', { community: '@h@h.test', handle: 'x' }],
    ['/c/moon/inquire', {}],
    ['/c/moon/inquire', { name: long, wish: 'x', message: long, contact: long }],
    ['/c/moon/inquire', { name: 'قمر', wish: 'visit', message: 'نعم' }],
    ['/c/moon/inquire', { name: 'قمر', wish: 'visit', message: 'نعم', website: 'x' }],
    ['/c/moon/pledge', { name: long, contact: long }],
    ['/c/moon/pledge', {}],
    [inquiry.location, {}],
    [inquiry.location, { message: long }],
    [`${pledge.location}/withdraw`, {}],
    [`${pledge.location}/withdraw`, {}],
    [`${inquiry.location}/withdraw`, {}],
    [`${inquiry.location}/withdraw`, {}],
    [inquiry.location, { message: 'نعم' }],
    ['/inquiries/x/erase', {}],
  ]
  for (const [n, [path, fields]] of posts.entries()) {
    const { html, status } = await send(node, path, fields, headers)
    t.same(englishIn(html), [], `${n}: ${path}, ${status}`)
  }
  const { html } = await send(node, '/follow', {}, { ...headers, origin: 'https://evil.test' })
  t.same(englishIn(html), [], 'a form from elsewhere')
})

/** Words of Latin letters in what a page says itself: not in names, addresses, examples and code, nor of towns on the map. */
function englishIn(html: string): string[] {
  const own = html
    .slice(html.indexOf('<main'), html.lastIndexOf('</main>'))
    .replace(/<(bdi|code|script|svg|textarea|option)\b[^>]*>.*?<\/\1>/gs, '')
    .replace(/localhost(:\d+)?|GeoNames|Natural Earth|Archipelago|Atom|JSON Feed|JSON|vCard|sea, music/g, '')
  const said = [...own.matchAll(/>([^<]+)|\s(?:aria-label|title|placeholder|alt)="([^"]*)"/g)].map(
    ([, text, attribute]) => text ?? attribute ?? '',
  )
  return said.filter(text => /\p{Script=Latin}{3,}/u.test(text.replace(/\S*[@./]\S*/g, '')))
}
