import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { blockDomain } from '../src/actions/block.ts'
import { followActor, followAnswered } from '../src/actions/following.ts'
import { followProgress } from '../src/actions/following-list.ts'
import { allFollowing, followingOf } from '../src/db/following.ts'
import { FOLLOWING_LIST_LIMITS, readFollowingList, writeFollowingList } from '../src/domain/following-list.ts'
import { lookUp } from '../src/federation/lookup.ts'
import { takeout } from '../src/federation/takeout.ts'
import { archipelago } from './helpers/command.ts'
import { startForeign } from './helpers/foreign.ts'
import { settle, startNode } from './helpers/node.ts'
import { root } from './helpers/root.ts'
import { signedIn } from './helpers/steward.ts'

const PATH = '/admin/people/following/import'
const HEAD = 'Account address,Show boosts,Notify on new posts,Languages'

t.test('whom somebody follows is read as Mastodon writes it, and what is no address is told', async t => {
  const csv = [
    HEAD,
    'ann@One.Example,true,false,',
    'bea@two.example,false,true,"en, de"',
    'https://three.example/c/fern,true,false,',
    'ann@one.example,true,false,',
    'nobody,true,false,',
    "'=cmd@calc.example,true,false,",
    'javascript:alert(1),true,false,',
  ].join('\r\n')
  const read = readFollowingList(Buffer.from(`\ufeff${csv}`))
  t.same(read.addresses, ['ann@one.example', 'bea@two.example', 'https://three.example/c/fern', '=cmd@calc.example'])
  t.same(
    read.problems.map(({ line, reason }) => [line, reason]),
    [
      [5, 'twice'],
      [6, 'address'],
      [8, 'address'],
    ],
  )
  t.same(readFollowingList('# friends\n@ann@one.example\nacct:bea@two.example\n').addresses, ['ann@one.example', 'bea@two.example'])
  t.same(readFollowingList(writeFollowingList(read.addresses)).addresses, read.addresses, 'what is written is read as it was')
  const many = Array.from({ length: FOLLOWING_LIST_LIMITS.rows + 1 }, (_, n) => `a${n}@one.example`)
  t.throws(() => readFollowingList(many.join('\n')), { name: 'Refusal', message: /2,000/ })
  t.throws(() => readFollowingList('x'.repeat(FOLLOWING_LIST_LIMITS.bytes + 1)), { name: 'Refusal', message: /1 MB/ })
  t.throws(() => readFollowingList(`${HEAD}\n`), { name: 'Refusal', message: /nobody/ })
})

t.test('on the page: a list is looked through, those ticked are found and asked, and who could not be is told', async t => {
  const oak = await startNode(t)
  const [elm, fir] = [await startNode(t, { handle: 'elm' }), await startNode(t, { handle: 'fir' })]
  const bare = ({ address }: { address: string }) => address.slice(1)
  followActor(oak.ctx, (await lookUp(oak.federation, fir.actor)).id)
  blockDomain(oak.ctx, 'bad.example', 'suspend')
  const ada = await signedIn(oak)
  const gone = `nobody@${elm.ctx.config.host}`
  const text = [HEAD, ...[bare(elm), bare(fir), gone, bare(oak), 'spam@bad.example'].map(address => `${address},true,false,`), 'x'].join(
    '\n',
  )

  const looked = await ada.send(`${PATH}/look`, { text })
  t.equal(looked.status, 200)
  const box = (address: string) => new RegExp(`name="who" value="${address}"[^>]*>`).exec(looked.html)?.[0]
  t.match(box(bare(elm)), / checked/)
  for (const one of [fir, oak]) t.match(box(bare(one)), / disabled/)
  t.match(box('spam@bad.example'), / disabled/)
  t.match(looked.html, 'Asked, no answer yet')
  t.match(looked.html, 'This community itself')
  t.match(looked.html, 'Blocked here')
  t.match(looked.html, '1 line is left out:')
  t.equal(allFollowing(oak.ctx.db).length, 1, 'to look changes nothing')

  const queued = await ada.send(PATH, { who: [bare(elm), gone, bare(fir), 'spam@bad.example'].join('\n') })
  t.equal(queued.status, 303)
  const page = await ada.visit(PATH)
  t.match(page.text, '2 are looked for and asked, one after another.')
  t.match(page.text, '2 are still being looked for.')
  t.match((await ada.send(`${PATH}/look`, { text })).html, 'Being looked for')
  oak.clock.offsetMs += 60_000
  await settle(oak, elm, fir)
  t.match(followingOf(oak.ctx.db, elm.actor), { state: 'accepted' })
  t.equal(followingOf(oak.ctx.db, fir.actor)?.state, 'accepted', 'who was asked already is asked once')
  t.match(followProgress(oak.ctx.db), { waiting: 0, failed: [{ address: gone, why: /knows nobody called nobody/ }] })
  const after = await ada.visit(PATH)
  t.match(after.text, 'Nobody is being looked for any more.')
  t.match(after.text, gone)
  t.match((await ada.visit('/admin/audit')).text, `${gone} could not be followed`)

  await ada.send(PATH, { who: bare(elm) })
  t.match((await ada.visit(PATH)).text, 'Nobody of these is new')
  t.equal((await ada.send(`${PATH}/look`, { text: '' })).status, 422)
})

t.test('a server that does not answer is asked again, and forgotten in the end', async t => {
  const oak = await startNode(t)
  const late = await startForeign(t, { name: 'localhost' })
  const ada = await signedIn(oak)
  const path = `/.well-known/webfinger?resource=${encodeURIComponent(`acct:late@${late.host}`)}`
  late.serve(path, { status: 500 })
  await ada.send(PATH, { who: `late@${late.host}` })
  await settle(oak)
  t.match(followProgress(oak.ctx.db), { waiting: 1, failed: [] })
  for (let hours = 0; hours < 9; hours++) {
    oak.clock.offsetMs += 40 * 3_600_000
    await settle(oak)
  }
  t.match(followProgress(oak.ctx.db), { waiting: 0, failed: [{ address: `late@${late.host}`, why: /answered 500/ }] })
})

t.test('what the community takes along is read in at another node, by command too', async t => {
  const dir = t.testdir()
  const oak = await startNode(t, { handle: 'oak' })
  const elm = await startNode(t, { handle: 'elm' })
  followAnswered(oak.ctx, elm.actor, followActor(oak.ctx, (await lookUp(oak.federation, elm.actor)).id).followId, 'accepted')
  const taken = [...takeout(oak.federation, false)].find(({ path }) => path === 'mastodon/following_accounts.csv')
  const file = join(dir, 'follows.csv')
  writeFileSync(file, [...(taken!.parts as Iterable<string>)].join(''))

  const env = { DATA_DIR: join(dir, 'data'), PUBLIC_URL: 'https://ash.example' }
  const example = new URL('examples/brook-farm.json', root).pathname
  await archipelago(env, ['setup', '--charter', example, '--handle', 'ash'])
  const looked = await archipelago(env, ['following', 'import', file, '--json'])
  t.match(JSON.parse(looked.out), { rows: [{ address: elm.address.slice(1), state: 'new' }], left: 0, queued: 0 })
  t.match(await archipelago(env, ['following', 'import', file, '--follow']), { code: 0, err: /1 are looked for and asked/ })
  t.match(await archipelago(env, ['following', 'import']), { code: 0, out: /1 are still being looked for/ })
  t.match(await archipelago(env, ['following', 'import', file, '--follow']), { code: 1, err: /nobody is left to be asked/ })
})
