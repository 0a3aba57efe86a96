import t, { type Test } from 'tap'
import { followActor } from '../src/actions/following.ts'
import { publishPost } from '../src/actions/post.ts'
import { lookUp } from '../src/federation/lookup.ts'
import { publishDue } from '../src/mastodon/scheduled-due.ts'
import { callerOf, clientOf } from './helpers/client.ts'
import { clientVillage } from './helpers/client-world.ts'
import type { TestNode } from './helpers/node.ts'

type Status = {
  id: string
  content: string
  filtered: { filter: { title: string }; keyword_matches: string[] | null; status_matches: string[] | null }[]
}
type List = { id: string; title: string; replies_policy: string; exclusive: boolean }

async function village(t: Test, ...handles: string[]) {
  const { me, ...world } = await clientVillage(t, handles, false)
  const idOf = async (node: TestNode, handle: string) =>
    (await me.get<{ id: string }>(`/api/v1/accounts/lookup?acct=${handle}@${node.ctx.config.host}`)).body.id
  const read = async (path: string) => (await me.get<Status[]>(path)).body.map(({ content }) => content.replace(/<[^>]+>/g, ''))
  return { ...world, me, idOf, read }
}

t.test('a list shows its members, and may keep them away from home', async t => {
  const {
    oak,
    others: [fern, moss],
    me,
    calm,
    idOf,
    read,
  } = await village(t, 'fern', 'moss')
  const { body: list } = await me.post<List>('/api/v1/lists', { title: ' Close  by ', replies_policy: 'none' })
  t.match(list, { title: 'Close by', replies_policy: 'none', exclusive: false })
  const fernId = await idOf(fern, 'fern')
  t.strictSame((await me.post(`/api/v1/lists/${list.id}/accounts`, { account_ids: [fernId] })).body, {})
  t.match((await me.get(`/api/v1/lists/${list.id}/accounts`)).body, [{ acct: /^fern@/ }])
  t.match((await me.get(`/api/v1/accounts/${fernId}/lists`)).body, [{ id: list.id }])
  const first = publishPost(fern.ctx, 'From fern')
  publishPost(moss!.ctx, 'From moss')
  publishPost(fern.ctx, 'An answer of fern', { replyTo: first })
  await calm()
  t.strictSame(await read(`/api/v1/timelines/list/${list.id}`), ['From fern'])
  await me.put(`/api/v1/lists/${list.id}`, { title: 'Close by', replies_policy: 'list' })
  t.strictSame((await read(`/api/v1/timelines/list/${list.id}`)).sort(), ['An answer of fern', 'From fern'])
  t.ok((await read('/api/v1/timelines/home')).includes('From fern'))
  await me.put(`/api/v1/lists/${list.id}`, { exclusive: true })
  t.strictSame(await read('/api/v1/timelines/home'), ['From moss'])
  const ownId = (await me.get<{ id: string }>('/api/v1/accounts/verify_credentials')).body.id
  t.equal((await me.post(`/api/v1/lists/${list.id}/accounts`, { account_ids: [ownId] })).status, 404, 'only who is followed')
  await me.del(`/api/v1/lists/${list.id}/accounts`, { account_ids: [fernId] })
  t.strictSame(await read(`/api/v1/timelines/list/${list.id}`), [])
  t.equal((await me.post('/api/v1/lists', { title: ' ' })).status, 422)
  t.equal((await me.del(`/api/v1/lists/${list.id}`)).status, 200)
  for (const path of ['lists', 'timelines/list']) t.equal((await me.get(`/api/v1/${path}/${list.id}`)).status, 404)
  t.equal((await callerOf(oak).get('/api/v1/lists')).status, 401)
})

t.test('filters say which posts they have met', async t => {
  const {
    others: [fern],
    me,
    calm,
  } = await village(t, 'fern')
  publishPost(fern.ctx, 'Cats and #dogs')
  publishPost(fern.ctx, 'Bobcats')
  publishPost(fern.ctx, 'Nothing', { warning: 'about CATS' })
  await calm()
  const { body: filter } = await me.post<{ id: string; keywords: { id: string }[] }>('/api/v2/filters', {
    title: 'Animals',
    context: ['home', 'nowhere'],
    filter_action: 'hide',
    expires_in: 3600,
    keywords_attributes: [{ keyword: 'cats', whole_word: true }],
  })
  t.match(filter, {
    title: 'Animals',
    context: ['home'],
    filter_action: 'hide',
    expires_at: /Z$/,
    keywords: [{ keyword: 'cats', whole_word: true }],
    statuses: [],
  })
  const met = async () =>
    (await me.get<Status[]>('/api/v1/timelines/home')).body.map(({ content, filtered }) => [
      content.replace(/<[^>]+>/g, ''),
      filtered.length,
    ])
  t.strictSame((await met()).sort(), [
    ['Bobcats', 0],
    ['Cats and #dogs', 1],
    ['Nothing', 1],
  ])
  await me.put(`/api/v2/filters/keywords/${filter.keywords[0]!.id}`, { whole_word: false })
  t.strictSame(
    (await met()).map(([, n]) => n),
    [1, 1, 1],
  )
  const [newest] = (await me.get<Status[]>('/api/v1/timelines/home')).body
  const word = (await me.post<{ id: string }>(`/api/v2/filters/${filter.id}/keywords`, { keyword: '#dogs' })).body
  t.equal((await me.get<unknown[]>(`/api/v2/filters/${filter.id}/keywords`)).body.length, 2)
  const post = (await me.post<{ id: string }>(`/api/v2/filters/${filter.id}/statuses`, { status_id: newest!.id })).body
  t.match((await me.get<Status>(`/api/v1/statuses/${newest!.id}`)).body.filtered, [
    { filter: { title: 'Animals' }, status_matches: [newest!.id] },
  ])
  t.match((await me.get('/api/v1/filters')).body, [{ phrase: 'cats', irreversible: true, context: ['home'] }, { phrase: '#dogs' }])
  t.equal((await me.del(`/api/v2/filters/statuses/${post.id}`)).status, 200)
  t.equal((await me.del(`/api/v2/filters/keywords/${word.id}`)).status, 200)
  await me.put(`/api/v2/filters/${filter.id}`, { keywords_attributes: { 0: { id: filter.keywords[0]!.id, _destroy: true } } })
  t.match((await me.get(`/api/v2/filters/${filter.id}`)).body, { keywords: [], expires_at: /Z$/ })
  t.equal((await me.post('/api/v2/filters', { title: 'x', context: [] })).status, 422)
  t.equal((await me.del(`/api/v2/filters/${filter.id}`)).status, 200)
  t.equal((await me.get(`/api/v2/filters/${filter.id}`)).status, 404)
})

t.test('Tusky and Mastodon for iOS of before: a filter is a word, and what they cannot show they do not change', async t => {
  const { oak, me } = await village(t, 'fern')
  type Old = { id: string; phrase: string; context: string[]; whole_word: boolean; irreversible: boolean; expires_at: string | null }
  const form = new URLSearchParams({ phrase: 'cats', 'context[]': 'home', irreversible: 'false', whole_word: 'true', expires_in: '600' })
  const made = (await me.post<Old>('/api/v1/filters', form)).body
  t.match(made, { phrase: 'cats', context: ['home'], whole_word: true, irreversible: false, expires_at: /Z$/ })
  t.match((await me.get('/api/v2/filters')).body, [{ title: 'cats', filter_action: 'warn', keywords: [{ id: made.id, keyword: 'cats' }] }])
  publishPost(oak.ctx, 'Cats!')
  t.match((await me.get<Status[]>('/api/v1/timelines/home')).body, [{ filtered: [{ keyword_matches: ['cats'] }] }])
  const changed = { phrase: 'dogs', context: ['home', 'public'], irreversible: true, whole_word: false, expires_in: null }
  t.match((await me.put(`/api/v1/filters/${made.id}`, changed)).body, {
    id: made.id,
    phrase: 'dogs',
    context: ['home', 'public'],
    irreversible: true,
    expires_at: null,
  })
  t.match((await me.get(`/api/v1/filters/${made.id}`)).body, { phrase: 'dogs', whole_word: false })
  const [filter] = (await me.get<{ id: string; title: string }[]>('/api/v2/filters')).body
  t.equal(filter?.title, 'dogs')
  const other = (await me.post<{ id: string }>(`/api/v2/filters/${filter!.id}/keywords`, { keyword: 'wolves' })).body
  t.match(await me.put(`/api/v1/filters/${other.id}`, { ...changed, phrase: 'foxes' }), { status: 200, body: { phrase: 'foxes' } })
  t.match(await me.put(`/api/v1/filters/${other.id}`, { ...changed, irreversible: false }), { status: 422, body: { error: /shared/ } })
  t.match((await me.get('/api/v2/filters')).body, [{ title: 'dogs', filter_action: 'hide' }])
  for (const wrong of [{ phrase: '', context: ['home'] }, { phrase: 'x' }, { phrase: 'x', context: ['nowhere'] }])
    t.equal((await me.post('/api/v1/filters', wrong)).status, 422)
  t.strictSame((await me.del(`/api/v1/filters/${other.id}`)).body, {})
  t.match((await me.get<Old[]>('/api/v1/filters')).body, { length: 1 }, 'the other word stays')
  t.equal((await me.put(`/api/v1/filters/${other.id}`, changed)).status, 404)
  t.equal((await me.del(`/api/v1/filters/${other.id}`)).status, 404)
})

t.test('hashtags are followed, shown as one’s own, and counted', async t => {
  const {
    oak,
    others: [fern],
    me,
    calm,
    read,
  } = await village(t, 'fern')
  t.match((await me.post('/api/v1/tags/Bread/follow')).body, { name: 'bread', following: true })
  t.match((await me.get('/api/v1/followed_tags')).body, [{ name: 'bread', following: true }])
  publishPost(fern.ctx, 'Warm #Bread')
  await me.post('/api/v1/statuses', { status: 'Our #bread' })
  await calm()
  t.match((await me.get('/api/v1/trends/tags')).body, [{ name: 'bread', history: [{ uses: '2', accounts: '2' }] }])
  t.match((await callerOf(oak).get('/api/v1/tags/bread')).body, { name: 'bread', following: false })
  t.equal((await read('/api/v1/timelines/tag/bread')).length, 2)
  const { body: shown } = await me.post<{ id: string }>('/api/v1/featured_tags', { name: 'Bread' })
  t.match(shown, { name: 'Bread', statuses_count: '1' })
  t.match((await me.get('/api/v1/featured_tags')).body, [shown])
  t.equal((await me.del(`/api/v1/featured_tags/${shown.id}`)).status, 200)
  t.match((await me.post('/api/v1/tags/bread/unfollow')).body, { following: false })
  t.equal((await me.post('/api/v1/tags/12/follow')).status, 404, 'no hashtag')
})

t.test('private conversations: listed, read, put away until more is said', async t => {
  const {
    oak,
    others: [fern],
    me,
    calm,
  } = await village(t, 'fern')
  const them = await clientOf(fern)
  followActor(fern.ctx, (await lookUp(fern.federation, oak.actor)).id)
  await calm()
  type Conversation = { id: string; unread: boolean; accounts: { acct: string }[]; last_status: { id: string; content: string } }
  const all = async () => (await me.get<Conversation[]>('/api/v1/conversations')).body
  await them.post('/api/v1/statuses', { status: `@oak@${oak.ctx.config.host} a secret`, visibility: 'direct' })
  await calm()
  const [one] = await all()
  t.match(one, { unread: true, accounts: [{ acct: /^fern@/ }], last_status: { content: /a secret/, visibility: 'direct' } })
  t.match((await me.post(`/api/v1/conversations/${one!.id}/read`)).body, { unread: false })
  await me.post('/api/v1/statuses', { status: 'Kept', in_reply_to_id: one!.last_status.id, visibility: 'direct' })
  t.match(await all(), [{ id: one!.id, unread: false, last_status: { content: /Kept/ } }])
  t.equal((await me.del(`/api/v1/conversations/${one!.id}`)).status, 200)
  t.strictSame(await all(), [])
  await calm()
  const [theirs] = (await them.get<Conversation[]>('/api/v1/conversations')).body
  await them.post('/api/v1/statuses', { status: 'And more', in_reply_to_id: theirs!.last_status.id, visibility: 'direct' })
  await calm()
  t.match(await all(), [{ unread: true, last_status: { content: /And more/ } }])
  t.equal((await me.post('/api/v1/conversations/9999/read')).status, 404)
})

t.test('a post is published when its time has come, once, and not if it was called off', async t => {
  const { oak, me, read } = await village(t, 'fern')
  const due = (minutes: number) => new Date(oak.ctx.now().getTime() + minutes * 60_000).toISOString()
  const later = (status: string, minutes: number, more = {}) =>
    me.post<{ id: string }>('/api/v1/statuses', { status, scheduled_at: due(minutes), ...more })
  t.equal((await later('Too soon', 1)).status, 422)
  t.equal((await later('', 10)).status, 422)
  const first = await later('Good morning', 10, {
    visibility: 'unlisted',
    spoiler_text: 'Hello',
    poll: { options: ['a', 'b'], expires_in: 600 },
  })
  t.match(first.body, {
    scheduled_at: /Z$/,
    params: { text: 'Good morning', visibility: 'unlisted', spoiler_text: 'Hello', poll: { options: ['a', 'b'] } },
    media_attachments: [],
  })
  const second = await later('Good night', 10)
  t.equal((await me.get<unknown[]>('/api/v1/scheduled_statuses')).body.length, 2)
  t.match((await me.put(`/api/v1/scheduled_statuses/${first.body.id}`, { scheduled_at: due(20) })).body, { id: first.body.id })
  t.equal((await me.del(`/api/v1/scheduled_statuses/${second.body.id}`)).status, 200)
  const publish = () => publishDue(oak.ctx, async () => [])
  oak.clock.offsetMs = 15 * 60_000
  await publish()
  t.strictSame(await read('/api/v1/timelines/home'), [])
  oak.clock.offsetMs = 21 * 60_000
  await publish()
  await publish()
  const [said, ...more] = (await me.get<Record<string, unknown>[]>('/api/v1/timelines/home')).body
  t.match(said, {
    content: /Good morning/,
    visibility: 'unlisted',
    spoiler_text: 'Hello',
    poll: { options: [{ title: 'a' }, { title: 'b' }] },
  })
  t.strictSame([more, (await me.get('/api/v1/scheduled_statuses')).body], [[], []])
})
