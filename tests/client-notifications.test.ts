import t, { type Test } from 'tap'
import { noticeClosedPolls } from '../src/actions/notice.ts'
import { publishPost, withdrawPost } from '../src/actions/post.ts'
import { askQuestion } from '../src/actions/post-kind.ts'
import { castVote } from '../src/actions/question.ts'
import { react, takeReactionBack } from '../src/actions/reaction.ts'
import { postByIri } from '../src/db/post.ts'
import { callerOf, clientOf, linksOf } from './helpers/client.ts'
import { clientVillage } from './helpers/client-world.ts'
import type { TestNode } from './helpers/node.ts'

type Notification = { id: string; type: string; group_key: string; account: { acct: string }; status?: { id: string; content: string } }
type Groups = {
  notification_groups: { group_key: string; notifications_count: number; type: string; status_id?: string; sample_account_ids: string[] }[]
  accounts: { id: string }[]
  statuses: { id: string }[]
}

/** Oak with an app, and some that follow it, whom it follows too. */
const village = (t: Test, ...handles: string[]) => clientVillage(t, handles, true)
const here = (node: TestNode, iri: string) => postByIri(node.ctx.db, iri)!

t.test('what others do is told, once, in order, and may be taken back', async t => {
  const {
    oak,
    others: [fern, moss],
    me,
    calm,
  } = await village(t, 'fern', 'moss')
  const all = async (query = '') => (await me.get<Notification[]>(`/api/v1/notifications${query}`)).body
  t.match(
    (await all()).map(({ type }) => type),
    ['follow', 'follow'],
  )
  const said = publishPost(oak.ctx, 'We make bread')
  await calm()
  for (const node of [fern, moss!]) react(node.ctx, here(node, said.iri).id, 'like')
  react(fern.ctx, here(fern, said.iri).id, 'boost')
  publishPost(moss!.ctx, 'Good!', { replyTo: here(moss!, said.iri) })
  await calm()
  const told = await all()
  t.match(told.map(({ type }) => type).sort(), ['favourite', 'favourite', 'follow', 'follow', 'mention', 'reblog'])
  t.match(
    told.find(({ type }) => type === 'mention'),
    { account: { acct: `moss@${moss!.ctx.config.host}` }, status: { content: /Good/ } },
  )
  t.match(
    told.find(({ type }) => type === 'reblog'),
    { account: { acct: /^fern@/ }, status: { content: /bread/ } },
  )
  t.notOk('status' in told.find(({ type }) => type === 'follow')!)
  t.equal((await all('?types[]=mention&types[]=quote')).length, 1)
  t.equal((await all('?types[]=severed_relationships')).length, 0)
  t.equal((await all('?exclude_types[]=follow')).length, 4)
  const first = await me.get<Notification[]>('/api/v1/notifications?limit=4')
  t.match(linksOf(first), { next: /max_id=/, prev: /min_id=/ })
  t.equal((await me.get<Notification[]>(linksOf(first).next!.slice(oak.url.length))).body.length, 2)
  takeReactionBack(fern.ctx, here(fern, said.iri).id, 'like')
  await calm()
  t.equal((await all('?types[]=favourite')).length, 1)
  t.match((await me.get(`/api/v1/notifications/${told[0]!.id}`)).body, { id: told[0]!.id })
  withdrawPost(oak.ctx, said.id)
  t.strictSame((await all()).map(({ type }) => type).sort(), ['follow', 'follow', 'mention'])
})

t.test('several who do the same are one, for apps that know groups', async t => {
  const {
    oak,
    others: [fern, moss],
    me,
    calm,
  } = await village(t, 'fern', 'moss')
  const said = publishPost(oak.ctx, 'We make bread')
  await calm()
  for (const node of [fern, moss!]) react(node.ctx, here(node, said.iri).id, 'like')
  await calm()
  const { body } = await me.get<Groups>('/api/v2/notifications')
  const [likes, follows] = body.notification_groups
  t.match(
    [likes, follows],
    [
      { type: 'favourite', notifications_count: 2 },
      { type: 'follow', notifications_count: 2 },
    ],
  )
  t.equal(likes!.sample_account_ids.length, 2)
  t.ok(likes!.sample_account_ids.every(id => body.accounts.some(account => account.id === id)))
  t.equal(body.statuses[0]!.id, likes!.status_id)
  t.equal((await me.get<Groups>('/api/v2/notifications?grouped_types[]=follow')).body.notification_groups.length, 3)
  t.equal((await me.get<unknown[]>(`/api/v2/notifications/${likes!.group_key}/accounts`)).body.length, 2)
  t.match((await me.get<Groups>(`/api/v2/notifications/${likes!.group_key}`)).body, {
    notification_groups: [{ group_key: likes!.group_key }],
  })
  t.strictSame((await me.get('/api/v2/notifications/unread_count')).body, { count: 4 })
  t.match((await me.get('/api/v2/notifications/policy')).body, { for_not_following: 'accept' })
  t.equal((await me.post(`/api/v2/notifications/${likes!.group_key}/dismiss`)).status, 200)
  t.equal((await me.get<Groups>('/api/v2/notifications')).body.notification_groups.length, 1)
  for (const wrong of ['favourite-1-x', 'x', 'ungrouped-999999', "favourite-1';--"])
    t.equal((await me.get(`/api/v2/notifications/${encodeURIComponent(wrong)}`)).status, 404)
  t.strictSame((await me.post('/api/v1/notifications/clear')).body, {})
  t.strictSame((await me.get('/api/v1/notifications')).body, [])
})

t.test('read marks, muting, dismissing, and who may not', async t => {
  const {
    oak,
    others: [fern],
    me,
    calm,
  } = await village(t, 'fern')
  const tell = async (words: string) => {
    publishPost(fern.ctx, words, { mentioned: [{ actor: oak.actor, handle: 'oak', host: oak.ctx.config.host, url: oak.actor }] })
    await calm()
  }
  await tell(`@oak@${oak.ctx.config.host} one`)
  const [newest, follow] = (await me.get<Notification[]>('/api/v1/notifications')).body
  t.match([newest!.type, follow!.type], ['mention', 'follow'])
  await me.post('/api/v1/markers', { notifications: { last_read_id: follow!.id } })
  t.strictSame((await me.get('/api/v1/notifications/unread_count')).body, { count: 1 })
  const { body: found } = await me.get<{ id: string }>(`/api/v1/accounts/lookup?acct=fern@${fern.ctx.config.host}`)
  t.equal((await me.get<Notification[]>(`/api/v1/notifications?account_id=${found.id}`)).body.length, 2)
  await me.post(`/api/v1/accounts/${found.id}/mute`, { duration: 3600 })
  t.strictSame((await me.get('/api/v1/notifications')).body, [], 'nothing of who is muted')
  oak.clock.offsetMs = 3_601_000
  t.equal((await me.get<Notification[]>('/api/v1/notifications')).body.length, 2, 'until that ends')
  t.equal((await me.post(`/api/v1/notifications/${newest!.id}/dismiss`)).status, 200)
  t.equal((await me.post(`/api/v1/notifications/${newest!.id}/dismiss`)).status, 404)
  t.equal((await callerOf(oak).get('/api/v1/notifications')).status, 401)
  const ben = await clientOf(oak, { name: 'ben', scopes: 'read:statuses write:statuses' })
  t.equal((await ben.get('/api/v1/notifications')).status, 403)
  t.equal((await ben.post('/api/v1/notifications/clear')).status, 403)
})

t.test('a poll that has closed, an edit of what was boosted, every word of somebody', async t => {
  const {
    oak,
    others: [fern],
    me,
    calm,
  } = await village(t, 'fern')
  const types = async () => (await me.get<Notification[]>('/api/v1/notifications?exclude_types[]=follow')).body.map(({ type }) => type)
  const { body: found } = await me.get<{ id: string }>(`/api/v1/accounts/lookup?acct=fern@${fern.ctx.config.host}`)
  await me.post(`/api/v1/accounts/${found.id}/follow`, { notify: true })
  const question = askQuestion(fern.ctx, { question: 'Tea?', options: ['Yes', 'No'], closes: '10m' })
  await calm()
  t.strictSame(await types(), ['status'])
  castVote(oak.ctx, here(oak, question.iri).id, ['Yes'])
  await calm()
  noticeClosedPolls(oak.ctx)
  t.strictSame(await types(), ['status'])
  oak.clock.offsetMs = fern.clock.offsetMs = 11 * 60_000
  noticeClosedPolls(oak.ctx)
  noticeClosedPolls(oak.ctx)
  t.strictSame(await types(), ['poll', 'status'], 'once')
})

t.test('of a conversation that is muted nothing more is told', async t => {
  const {
    others: [fern],
    me,
    calm,
  } = await village(t, 'fern')
  const { body: said } = await me.post<{ id: string; uri: string }>('/api/v1/statuses', { status: 'Who cooks?' })
  await calm()
  t.match((await me.post(`/api/v1/statuses/${said.id}/mute`)).body, { id: said.id, muted: true })
  publishPost(fern.ctx, 'Not me', { replyTo: here(fern, said.uri) })
  await calm()
  t.strictSame((await me.get('/api/v1/notifications?types[]=mention')).body, [])
  const { descendants } = (await me.get<{ descendants: { muted: boolean }[] }>(`/api/v1/statuses/${said.id}/context`)).body
  t.match(descendants, [{ muted: true }])
  t.match((await me.post(`/api/v1/statuses/${said.id}/unmute`)).body, { muted: false })
  publishPost(fern.ctx, 'Me, then', { replyTo: here(fern, said.uri) })
  await calm()
  t.match((await me.get('/api/v1/notifications?types[]=mention')).body, [{ status: { content: /Me, then/ } }])
})

t.test('polls of apps: asked, voted on by both, and seen', async t => {
  const {
    oak,
    others: [fern],
    me,
    calm,
  } = await village(t, 'fern')
  const them = await clientOf(fern)
  type Asked = { id: string; poll: { id: string; voted: boolean; votes_count: number; options: { title: string; votes_count: number }[] } }
  const { body: asked } = await me.post<Asked>('/api/v1/statuses', {
    status: 'Which day?',
    poll: { options: ['2', '1'], expires_in: 3600, multiple: false },
  })
  t.match(asked.poll, {
    voted: true,
    expired: false,
    multiple: false,
    votes_count: 0,
    voters_count: 0,
    own_votes: [],
    options: [{ title: '2', votes_count: 0 }, { title: '1' }],
  })
  await calm()
  const [seen] = (await them.get<Asked[]>('/api/v1/timelines/home')).body
  t.match(seen!.poll, { voted: false, options: [{ title: '2' }, { title: '1' }] })
  t.match((await them.post(`/api/v1/polls/${seen!.poll.id}/votes`, { choices: [1] })).body, {
    voted: true,
    own_votes: [1],
    options: [
      { title: '2', votes_count: 0 },
      { title: '1', votes_count: 1 },
    ],
  })
  t.equal((await them.post(`/api/v1/polls/${seen!.poll.id}/votes`, { choices: [0] })).status, 422, 'once')
  t.equal((await them.post(`/api/v1/polls/${seen!.poll.id}/votes`, { choices: [7] })).status, 422)
  await calm()
  t.match((await me.get(`/api/v1/polls/${asked.poll.id}`)).body, { votes_count: 1, voters_count: 1 })
  t.equal((await me.post(`/api/v1/polls/${asked.poll.id}/votes`, { choices: [0] })).status, 422, 'its own')
  t.equal((await callerOf(oak).get(`/api/v1/polls/${asked.poll.id}`)).status, 200)
  t.equal((await me.get('/api/v1/polls/999')).status, 404)
})
