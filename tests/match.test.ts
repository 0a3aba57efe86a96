import fc from 'fast-check'
import { pino } from 'pino'
import t from 'tap'
import { type Match, matchOf, rank } from '../src/domain/match.ts'
import { type Answer, CHOICES, readAnswers } from '../src/domain/match-answer.ts'
import { charters } from './helpers/charters.ts'
import { anEntry, saveAll } from './helpers/entries.ts'
import { startNode } from './helpers/node.ts'
import { linkTo, namesFound, visit } from './helpers/page.ts'

const LIVING = [
  {
    name: 'Shared Purse',
    status: 'established',
    incomeSharing: 'full',
    adults: 20,
    children: 6,
    setting: 'rural',
    diet: ['vegan'],
    openToMembers: 'yes',
  },
  {
    name: 'Own Purse',
    status: 'established',
    incomeSharing: 'none',
    adults: 8,
    children: 0,
    setting: 'urban',
    joinFee: { amount: 500, currency: 'EUR' },
    openToMembers: 'waitlist',
  },
  {
    name: 'Quiet Purse',
    status: 'forming',
    summary: 'A house by the sea, soon.',
    setting: 'rural',
    joinFee: { amount: 100, currency: 'USD' },
    place: { precision: 'exact', latitude: 43.4, longitude: -4.2 },
  },
].map(charter => anEntry({ charter }))
const HISTORY = anEntry({ charter: { incomeSharing: 'none' } })

t.test('answers become a list, best first, that says why each fits, what does not, and what is not said', async t => {
  const node = await startNode(t, { handle: 'oak', charter: { name: 'Oak Hill', incomeSharing: 'partial' } })
  saveAll(node.ctx.db, [...LIVING, HISTORY])
  const page = await visit(node, '/match?openToMembers=yes,waitlist&children=yes&setting=rural&incomeSharing=none&must=incomeSharing')
  t.equal(page.status, 200)
  t.same(namesFound(page), ['Own Purse', 'Quiet Purse'], 'who shares income is left out, and so is history')
  t.match(page.text, /Own Purse .*Fits: 2 of 4 Open to new members: Waiting list Income: Incomes are private/)
  t.match(
    page.text,
    /✗ Doesn’t fit Children: No children live there \(you asked for: Children live there\) Setting: Urban \(you asked for: Rural\)/,
  )
  t.match(page.text, /Quiet Purse .*Not said Open to new members Children Income Ask them: it must be so\./)
  t.match(page.html, /<meta name="robots" content="noindex, follow"\/>/)
  t.equal(page.headers.get('set-cookie'), null)
})

t.test('each answer is a chip that can be taken away, and all of them can be changed', async t => {
  const node = await startNode(t)
  saveAll(node.ctx.db, LIVING)
  const page = await visit(node, '/match?setting=rural&incomeSharing=none&must=incomeSharing,setting')
  t.equal(linkTo(page, 'Take away: Income: Incomes are private · must be so ×'), '/match?setting=rural&must=setting')
  const change = linkTo(page, 'Change your answers') ?? ''
  t.equal(change, '/match?setting=rural&incomeSharing=none&must=setting,incomeSharing&edit=yes')
  const form = await visit(node, change)
  t.match(form.html, /<input type="checkbox" name="setting" value="rural" checked\/>/)
  t.match(
    form.html,
    /<select name="weight.setting"><option value="like">I would like this<\/option><option( selected)? value="must"( selected)?>/,
  )
})

t.test('what a form sends becomes a short address; what the seeker does not mind is left out', async t => {
  const node = await startNode(t)
  saveAll(node.ctx.db, LIVING)
  const sent =
    'openToMembers=yes&weight.openToMembers=like&setting=rural&setting=urban&weight.setting=must&diet=vegan&weight.diet=any&near=&within=100&joinFee=&currency=EUR&words='
  const answer = await node.get(`/match?${sent}`, 'text/html')
  t.equal(answer.status, 303)
  t.equal(answer.headers.get('location'), '/match?openToMembers=yes&setting=rural,urban&must=setting')
  const nothing = await visit(node, '/match?weight.setting=like&near=&within=100')
  t.match(nothing.text, 'Nothing was answered yet')
})

t.test('what was typed wrongly stays, and is told above and beside the field', async t => {
  const node = await startNode(t)
  const page = await visit(node, '/match?near=Atlantis%3Cb&within=50&weight.near=must&joinFee=a+lot&setting=rural')
  t.equal(page.status, 400)
  t.match(page.text, 'Some answers could not be understood: Near a place : this town is not known here')
  t.match(page.html, /<input name="near" type="text" value="Atlantis&lt;b"[^>]* aria-invalid="true" aria-describedby="wrong-near"/)
  t.match(page.html, /<p class="wrong" id="wrong-joinFee">write a number/)
  t.match(page.html, /name="setting" value="rural" checked/)
})

t.test('places, fees and words of the charter count', async t => {
  const node = await startNode(t, { founded: false })
  saveAll(node.ctx.db, LIVING)
  const near = await visit(node, '/match?near=43.4,-3.8&within=100&must=near')
  t.same(
    namesFound(near),
    ['Own Purse', 'Quiet Purse', 'Shared Purse'].sort((a, b) => Number(b === 'Quiet Purse') - Number(a === 'Quiet Purse')),
  )
  t.match(near.text, /Quiet Purse .*Near a place: about 32 km away/)
  const fees = await visit(node, '/match?joinFee=300&currency=EUR')
  t.same(namesFound(fees).at(-1), 'Own Purse', 'too dear')
  t.match(fees.text, /Not said Fee to join: \$100 \(another currency/, 'another currency is not weighed')
  const sea = await visit(node, '/match?words=sea')
  t.equal(namesFound(sea)[0], 'Quiet Purse')
  t.match(sea.text, 'Fits: 1 of 1 Words in its charter: sea')
})

t.test('the page asks in the language of the visitor', async t => {
  const node = await startNode(t)
  for (const lang of ['es', 'fr', 'de', 'pt', 'ar']) {
    const response = await fetch(`${node.url}/match`, { headers: { accept: 'text/html', 'accept-language': lang } })
    const html = await response.text()
    t.match(html, `<html lang="${lang}"`)
    t.notMatch(html, 'Answer only what matters to you')
  }
})

t.test('nothing of the answers is written down', async t => {
  const lines: string[] = []
  const log = pino({ level: 'trace' }, { write: line => void lines.push(line) })
  const node = await startNode(t, { log })
  const path = '/match?words=sanatorium&spiritualTraditions=quaker'
  await visit(node, path)
  await visit(node, `${path}&near=nowhere`)
  t.equal((await visit(node, `${path}${'x'.repeat(20_000)}`)).status >= 400, true)
  t.notMatch(lines.join(''), /sanatorium|quaker|nowhere/)
  const tables = node.ctx.db.$client.prepare("select name from sqlite_master where type = 'table'").pluck().all() as string[]
  const rows = tables.flatMap(table => node.ctx.db.$client.prepare(`select * from "${table}"`).all())
  t.notMatch(JSON.stringify(rows), /sanatorium|quaker/)
})

const someAnswers: fc.Arbitrary<Answer[]> = fc
  .record(Object.fromEntries(Object.entries(CHOICES).map(([name, values]) => [name, fc.subarray([...values])])), { requiredKeys: [] })
  .chain(chosen =>
    fc.subarray(Object.keys(chosen)).map(must => {
      const given = Object.entries(chosen).map(([name, values]) => [name, (values ?? []).join(',')])
      return readAnswers({ ...Object.fromEntries(given), must: must.join(','), words: 'bread', joinFee: '100', currency: 'EUR' }).answers
    }),
  )
const someEntries = fc
  .array(charters(), { minLength: 2, maxLength: 6 })
  .map(all => all.map((charter, n) => ({ ...anEntry({ host: `n${n}.test` }), charter })))
const WORTH = { misses: 0, silent: 1, fits: 2 }

t.test('who fits everywhere another fits, and somewhere more, stands above it; no must is broken; the order stands still', async t => {
  let compared = 0
  fc.assert(
    fc.property(someEntries, someAnswers, (entries, answers) => {
      const ranked = rank(entries, answers)
      for (const { verdicts } of ranked)
        if (verdicts.some(({ answer, verdict }) => answer.weight === 'must' && verdict === 'misses')) return false
      const left = entries.filter(entry => !ranked.some(match => match.entry === entry))
      if (left.some(entry => matchOf(entry, answers))) return false
      for (const [place, above] of ranked.entries())
        for (const below of ranked.slice(place + 1)) {
          compared++
          if (fitsMore(below, above)) return false
        }
      const again = rank(entries.toReversed(), answers)
      return again.every(({ entry }, place) => entry === ranked[place]?.entry)
    }),
    { numRuns: 200 },
  )
  t.ok(compared > 200, 'there was something to compare')
})

function fitsMore(one: Match, other: Match): boolean {
  const steps = one.verdicts.map(({ verdict }, place) => WORTH[verdict] - WORTH[other.verdicts[place]!.verdict])
  return steps.every(step => step >= 0) && steps.some(step => step > 0)
}

t.test('of equals the one stands first that was verified last', async t => {
  const old = anEntry({ host: 'a.test', verifiedAt: new Date('2025-01-01') })
  const fresh = anEntry({ host: 'b.test', verifiedAt: new Date('2026-06-01') })
  const vouched = anEntry({ host: 'c.test', verifiedAt: new Date('2024-01-01'), state: 'vouched' })
  t.same(
    rank([old, fresh, vouched], []).map(({ entry }) => entry.host),
    ['c.test', 'b.test', 'a.test'],
  )
})
