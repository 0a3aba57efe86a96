import t from 'tap'
import { anEntry, saveAll } from './helpers/entries.ts'
import { startNode } from './helpers/node.ts'
import { linkTo, visit } from './helpers/page.ts'

const MILL = anEntry({
  charter: {
    name: 'Old Mill',
    status: 'established',
    adults: 12,
    incomeSharing: 'none',
    setting: 'rural',
    diet: ['vegan', 'organic'],
    place: { precision: 'hidden', country: 'ES', locality: 'Secretville' },
    regularFee: { amount: 250, currency: 'EUR', period: 'month' },
  },
})
const OLGA = anEntry({
  charter: {
    name: 'Saint Olga',
    status: 'established',
    adults: 30,
    incomeSharing: 'full',
    setting: 'rural',
    diet: ['organic', 'vegan'],
    place: { country: 'FR' },
  },
})
const MANY = ['One', 'Two', 'Three', 'Four', 'Five', 'Six'].map(name => anEntry({ charter: { name } }))

t.test('communities stand side by side, with what they differ in marked in words', async t => {
  const node = await startNode(t, { handle: 'oak', charter: { name: 'Oak Hill' } })
  saveAll(node.ctx.db, [MILL, OLGA])
  const page = await visit(node, '/compare?c=@oldmill@oldmill.test&c=@saintolga@saintolga.test&c=/c/oak')
  t.equal(page.status, 200)
  t.match(page.text, /What about Old Mill Remove Old Mill Saint Olga Remove Saint Olga Oak Hill Remove Oak Hill/)
  t.match(rowOf(page.html, 'Income'), /^Income differs Old Mill Incomes are private Saint Olga All income is shared Oak Hill not said$/)
  t.match(rowOf(page.html, 'Regular fee'), 'Old Mill €250 a month Saint Olga not said')
  t.match(rowOf(page.html, 'Place'), 'Place differs Old Mill not said Saint Olga France', 'a hidden place is not said')
  t.notMatch(page.html, 'Secretville')
  t.match(page.text, /None of them says anything of: .*Alcohol/)
  t.match(page.html, /<meta name="robots" content="noindex, follow"\/>/)
})

t.test('without JavaScript only the differences can be asked for, and each column taken away', async t => {
  const node = await startNode(t)
  saveAll(node.ctx.db, [MILL, OLGA])
  const all = await visit(node, '/compare?c=@oldmill@oldmill.test&c=@saintolga@saintolga.test')
  t.match(rowOf(all.html, 'Diet'), /^Diet Old Mill/, 'the same in another order is the same')
  t.match(rowOf(all.html, 'Setting'), /^Setting Old Mill Rural Saint Olga Rural$/)
  const link = [...all.html.matchAll(/href="(\/compare[^"]*only=differences)"/g)][0]?.[1]?.replaceAll('&amp;', '&') ?? ''
  t.equal(link, '/compare?c=@oldmill@oldmill.test&c=@saintolga@saintolga.test&only=differences')
  const only = await visit(node, link)
  t.equal(rowOf(only.html, 'Setting'), '')
  t.match(rowOf(only.html, 'Income'), /^Income differs/)
  t.equal(linkTo(only, 'Remove Old Mill'), '/compare?c=@saintolga@saintolga.test&only=differences')
})

t.test('nothing chosen, unknown ones and more than five are told', async t => {
  const node = await startNode(t)
  saveAll(node.ctx.db, MANY)
  const empty = await visit(node, '/compare')
  t.match(empty.text, 'Nothing is being compared yet')
  t.equal(linkTo(empty, 'search the directory'), '/')
  const unknown = await visit(node, '/compare?c=@nobody@nowhere.test&c=%3Cscript%3E')
  t.match(unknown.text, 'This node knows no communities at these addresses: <script> @nobody@nowhere.test')
  t.notMatch(unknown.html, '<script>&')
  const query = MANY.map(({ host, handle }) => `c=@${handle}@${host}`).join('&')
  const many = await visit(node, `/compare?${query}&c=@one@one.test`)
  t.match(many.text, 'There is room for 5. Left out: Six')
  t.equal([...many.html.matchAll(/scope="col"/g)].length, 5)
  t.notMatch(many.text, 'Add a community', 'there is no room for another')
})

t.test('one is added by address or by words', async t => {
  const node = await startNode(t)
  saveAll(node.ctx.db, [MILL, OLGA])
  const found = await visit(node, '/compare?c=@oldmill@oldmill.test&add=olga')
  t.equal(linkTo(found, 'Add Saint Olga'), '/compare?c=@oldmill@oldmill.test&c=@saintolga@saintolga.test')
  const straight = await visit(node, '/compare?c=@oldmill@oldmill.test&add=https%3A%2F%2Fsaintolga.test%2Fc%2Fsaintolga')
  t.match(straight.text, /Old Mill Remove Old Mill Saint Olga Remove/)
  t.match((await visit(node, '/compare?add=xyzzy')).text, 'No community here is found by “xyzzy”')
})

t.test('the comparison speaks the language of the visitor', async t => {
  const node = await startNode(t)
  saveAll(node.ctx.db, [MILL, OLGA])
  for (const [lang, words] of [
    ['es', 'Ninguna dice nada de'],
    ['fr', 'Aucune ne dit rien sur'],
    ['de', 'Keine von ihnen sagt etwas zu'],
    ['pt', 'Nenhuma diz nada sobre'],
    ['ar', 'لا يقول أي منها شيئًا عن'],
  ] as const) {
    const path = '/compare?c=@oldmill@oldmill.test&c=@saintolga@saintolga.test'
    const html = await (await fetch(node.url + path, { headers: { accept: 'text/html', 'accept-language': lang } })).text()
    t.match(html, new RegExp(words))
    t.notMatch(html.replace(/<[^>]*>/g, ' '), /not said|differs|\{\w+\}|undefined/)
  }
})

t.test('results of a search can be ticked, and lead to the comparison', async t => {
  const node = await startNode(t, { handle: 'oak', charter: { name: 'Oak Hill' } })
  saveAll(node.ctx.db, [MILL])
  const { html } = await visit(node, '/')
  t.match(html, /<form id="compare" [^>]*method="get" action="\/compare"/)
  t.match(html, '<input type="checkbox" name="c" value="@oldmill@oldmill.test" form="compare"')
  const host = new URL(node.url).host
  t.match(html, `<input type="checkbox" name="c" value="@oak@${host}" form="compare"`)
  const own = await visit(node, '/c/oak')
  t.match(own.html, `<input type="hidden" name="c" value="@oak@${host}"`)
  t.match((await visit(node, `/compare?c=@oak@${host}`)).text, /Oak Hill Remove Oak Hill/)
})

/** What a visitor reads in one row of the table; empty where there is no such row. */
function rowOf(html: string, title: string): string {
  for (const [row] of html.matchAll(/<tr role="row"[^>]*>.*?<\/tr>/gs)) {
    const words = row.replace(/<[^>]*>/g, ' ').replaceAll('&amp;', '&').replace(/\s+/g, ' ').trim() // biome-ignore format: one chain
    if (words === title || words.startsWith(`${title} `)) return words
  }
  return ''
}
