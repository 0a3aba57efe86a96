import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import t, { type Test } from 'tap'
import { publishPost } from '../../src/actions/post.ts'
import { allFollowing } from '../../src/db/following.ts'
import { postsBy } from '../../src/db/post.ts'
import { hearOf } from '../helpers/client-world.ts'
import { hidden } from '../helpers/form.ts'
import { settle, startNode } from '../helpers/node.ts'
import { photograph } from '../helpers/pictures.ts'
import { checkout } from '../helpers/sources.ts'
import { signedIn } from '../helpers/steward.ts'
import { without } from './tool.ts'

t.setTimeout(180_000)
const PYTHON = '/usr/bin/python3'
const skip = without('Mastodon.py', PYTHON, '-c', 'import mastodon')

type Json = Record<string, unknown>

/** Mastodon.py, asked one thing after the other. */
function mastodonPy(t: Test) {
  const child = spawn(PYTHON, [join(checkout, 'tests/interop/mastodon_py.py')], { stdio: ['pipe', 'pipe', 'inherit'] })
  t.teardown(() => child.kill('SIGKILL'))
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return async <T = Json>(call: string, words: unknown[] = [], named: Json = {}): Promise<T> => {
    child.stdin.write(`${JSON.stringify({ call, words, named })}\n`)
    const { value: line } = (await answers.next()) as { value: string }
    const { value, error } = JSON.parse(line) as { value: T; error?: string }
    if (error) throw new Error(`${call}: ${error}`)
    return value
  }
}

t.test('Mastodon.py: from the code to signing out', { skip }, async t => {
  const oak = await startNode(t)
  const elm = await startNode(t, { handle: 'elm', charter: { name: 'Elm House', theme: 'anarchist' } })
  await hearOf(t, oak, elm)
  const browser = await signedIn(oak)
  const py = mastodonPy(t)
  const base = { api_base_url: oak.url }
  const [client_id, client_secret] = await py<string[]>('create_app', ['Walk'], base)
  await py('connect', [], { ...base, client_id, client_secret })
  const url = new URL(await py<string>('auth_request_url', [], {}))
  const page = await browser.visit(url.pathname + url.search)
  const names = ['response_type', 'client_id', 'redirect_uri', 'scope', 'state']
  const fields = Object.fromEntries(names.flatMap(name => (hidden(page.html, name) ? [[name, hidden(page.html, name)]] : [])))
  const sent = await browser.send('/oauth/authorize', { ...fields, decision: 'allow' })
  const code = /value="([A-Za-z0-9_-]{43})"/.exec(sent.html)?.[1]
  t.ok(await py<string>('log_in', [], { code }), 'it checks that it was granted what it asked for')

  t.match(await py('me'), { acct: 'oak', username: 'oak' })
  t.match(await py('instance'), { title: 'oak' })
  t.match(await py('account_search', ['elm']), [{ acct: elm.address.slice(1) }])
  const found = await py<{ accounts: { id: string; acct: string }[] }>('search_v2', ['theme:anarchist'])
  const id = Number(found.accounts[0]!.id)
  t.equal(found.accounts[0]!.acct, elm.address.slice(1))
  t.match(await py('directory', [], { limit: 5 }), [{ acct: /./ }])
  t.match(await py('account_follow', [id]), { id: String(id) })
  await settle(oak, elm)
  t.match(allFollowing(oak.ctx.db), [{ actor: elm.actor, state: 'accepted' }])
  t.match(await py('account_relationships', [[id]]), [{ following: true }])

  await py('listen')
  while (oak.app.streams.size() === 0) await py('events')
  for (let n = 1; n <= 3; n++) publishPost(elm.ctx, `Post ${n} #farm`)
  await settle(oak, elm)
  const home = await py<{ id: number; content: string }[]>('timeline_home', [], { limit: 2 })
  t.match(home, [{ content: /Post 3/ }, { content: /Post 2/ }])
  t.match(
    await py('next', [], { of: 'timeline_home', words: [null, null, null, 2] }),
    [{ content: /Post 1/ }],
    'it pages by the Link header',
  )
  t.match(await py('timeline_hashtag', ['farm']), { length: 3 })
  t.match(await py('timeline_public'), [{ content: /Post 3/ }])

  const file = join(t.testdir(), 'picture.jpg')
  writeFileSync(file, await photograph())
  const media = await py<{ id: number }>('media_post', [file], { description: 'A field', focus: [0.5, -0.5] })
  const said = await py<{ id: number }>('status_post', [`@${elm.address.slice(1)} we come`], {
    in_reply_to_id: home[0]!.id,
    media_ids: [media.id],
    idempotency_key: 'once',
    language: 'en',
    spoiler_text: 'Hay',
  })
  const again = await py<{ id: number }>('status_post', ['Something else'], { idempotency_key: 'once' })
  t.equal(again.id, said.id, 'nothing is said twice under one key')
  t.match(await py('status_update', [said.id, 'We come on Sunday']), { content: /Sunday/ })
  t.match(await py('status_history', [said.id]), [{ content: /we come/ }, { content: /Sunday/ }])
  t.match(await py('status_context', [said.id]), { ancestors: [{ content: /Post 3/ }] })
  await settle(oak, elm)
  t.match(postsBy(elm.ctx.db, oak.actor, { limit: 1 }), [{ content: /Sunday/, summary: 'Hay' }])
  for (const act of ['favourite', 'reblog', 'bookmark']) t.match(await py(`status_${act}`, [home[0]!.id]), { id: /./ }, act)
  t.match(await py('favourites'), [{ content: /Post 3/ }])
  t.match(await py('bookmarks'), [{ content: /Post 3/ }])
  for (const act of ['unfavourite', 'unreblog', 'unbookmark']) await py(`status_${act}`, [home[0]!.id])
  t.same(await py('favourites'), [])

  const poll = await py<{ id: number; poll: { id: number } }>('status_post', ['Which day?'], {
    poll: { options: ['Saturday', 'Sunday'], expires_in: 3600, multiple: false, hide_totals: false },
  })
  t.match(await py('poll', [poll.poll.id]), { options: [{ title: 'Saturday' }, { title: 'Sunday' }], expired: false })

  const [own] = postsBy(elm.ctx.db, oak.actor, { limit: 1 }).filter(post => /Sunday/.test(post.content))
  publishPost(elm.ctx, 'Good', own ? { replyTo: own } : {})
  await settle(oak, elm)
  t.match(await py('notifications'), [{ type: 'mention', status: { content: /Good/ } }])
  const patience = Date.now() + 20_000
  while (Date.now() < patience && !JSON.stringify(await py<unknown[]>('events')).includes('notification')) await oak.app.streams.pump()
  const heard = JSON.stringify(await py('events'))
  t.match(heard, /"update","<p>Post 1/, 'the stream told of posts')
  t.match(heard, /"notification","mention"/)

  t.match(await py('account_update_credentials', [], { locked: true }), { locked: true })
  await t.rejects(py('account_update_credentials', [], { display_name: 'Another' }), /charter/)
  t.match(await py('status_delete', [said.id]), { id: String(said.id) })
  t.match(await py('preferences'), { 'posting:default:visibility': 'public' })
  t.match(
    await py('markers_set', [['home']], { last_read_ids: [home[0]!.id] }).catch(() =>
      py('markers_set', [], { timelines: ['home'], last_read_ids: [home[0]!.id] }),
    ),
    { home: {} },
  )
  await py('revoke_access_token')
  await t.rejects(py('me'))
})
