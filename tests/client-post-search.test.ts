import t from 'tap'
import { blockActor } from '../src/actions/block.ts'
import { unfollowActor } from '../src/actions/following.ts'
import { editPost, publishPost, withdrawPost } from '../src/actions/post.ts'
import { indexPosts } from '../src/actions/post-words.ts'
import { postByIri } from '../src/db/post.ts'
import type { AccountEntity } from '../src/mastodon/entities/account.ts'
import type { StatusEntity } from '../src/mastodon/entities/status.ts'
import { callerOf } from './helpers/client.ts'
import { clientVillage } from './helpers/client-world.ts'

t.setTimeout(120_000)

type Search = { accounts: AccountEntity[]; statuses: StatusEntity[]; hashtags: unknown[] }

t.test('posts are found by their words: the community’s own, and of those it follows', async t => {
  const {
    oak,
    others: [elm],
    me,
    calm,
  } = await clientVillage(t, ['elm'], true)
  const settled = async () => {
    await calm()
    while (indexPosts(oak.ctx) > 0);
  }
  const find = async (q: string, more = '') => {
    const { status, body } = await me.get<Search>(`/api/v2/search?type=statuses&q=${encodeURIComponent(q)}${more}`)
    t.equal(status, 200, q)
    return body.statuses.map(({ content }) => content.replace(/<[^>]*>/g, ''))
  }
  const first = publishPost(oak.ctx, 'Bread & cheese for **everybody**')
  publishPost(oak.ctx, 'Bread for us', { visibility: 'followers' })
  publishPost(elm.ctx, 'We baked Bréad #Farm', { warning: 'Ovens' })
  const theirs = publishPost(elm.ctx, '農場で働く')
  await settled()
  t.same(await find('bread'), ['We baked Bréad #Farm', 'Bread for us', 'Bread &amp; cheese for everybody'], 'the newest first')
  t.same(await find('EVERYBODY cheese'), ['Bread &amp; cheese for everybody'], 'all of the words')
  for (const q of ['bread water', 'amp', 'strong', '"', '*', 'bread AND NOT', '(', '-']) t.same(await find(q), [], q)
  t.same(await find('ovens'), ['We baked Bréad #Farm'], 'the warning too')
  t.same(await find('#farm'), ['We baked Bréad #Farm'])
  t.same(await find('農場'), ['農場で働く'])
  t.same(await find('bread', '&limit=1&offset=1'), ['Bread for us'], 'Tusky pages by offset')
  t.same(await find('bread', '&limit=20&offset=3'), [])
  const [newest] = (await me.get<Search>('/api/v2/search?type=statuses&q=bread')).body.statuses
  t.same(await find('bread', `&max_id=${newest!.id}&limit=1`), ['Bread for us'])
  t.same(await find('bread', `&min_id=${newest!.id}`), [])

  t.same(await find('from:me'), ['Bread for us', 'Bread &amp; cheese for everybody'], 'Phanpy asks so whether posts can be searched')
  t.same(await find(`from:${elm.address} bread`), ['We baked Bréad #Farm'])
  t.same(await find('from:nobody@nowhere.example bread'), [])
  t.same(await find('bread', `&account_id=${newest!.account.id}`), ['We baked Bréad #Farm'], 'Phanpy, on a profile')
  const all = (await me.get<Search>('/api/v2/search?q=from:me')).body
  t.same([all.accounts, all.statuses.length, all.hashtags], [[], 2, []])
  t.equal((await callerOf(oak).get('/api/v2/search?q=bread')).status, 401, 'strangers find nothing')

  editPost(oak.ctx, first.id, 'Cake')
  editPost(elm.ctx, theirs.id, 'We dance')
  await calm()
  t.same(await find('cheese'), [], 'what is said no more is not found, at once')
  await settled()
  t.same([await find('cake'), await find('dance'), await find('農場')], [['Cake'], ['We dance'], []])
  withdrawPost(oak.ctx, first.id)
  withdrawPost(elm.ctx, theirs.id)
  await settled()
  t.same([await find('cake'), await find('dance')], [[], []])

  await me.post(`/api/v1/accounts/${newest!.account.id}/mute`)
  t.same(await find('baked'), [], 'muted')
  await me.post(`/api/v1/accounts/${newest!.account.id}/unmute`)
  unfollowActor(oak.ctx, elm.actor)
  t.same(await find('baked'), [], 'not followed any more')
  const question = publishPost(oak.ctx, 'Who bakes?')
  await calm()
  publishPost(elm.ctx, 'All have baked', { replyTo: postByIri(elm.ctx.db, question.iri)! })
  await settled()
  t.same(await find('baked'), ['All have baked'], 'who speaks to the community is found')
  blockActor(oak.ctx, elm.actor)
  await settled()
  const words = oak.ctx.db.$client.prepare('select count(*) from post_words_docsize').pluck().get()
  const posts = oak.ctx.db.$client.prepare('select count(*) from posts where deleted_at is null').pluck().get()
  t.equal(words, posts, 'of who is blocked no word is kept')
})
