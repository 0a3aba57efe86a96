import t, { type Test } from 'tap'
import { z } from 'zod'
import { followActor } from '../src/actions/following.ts'
import { publishPost } from '../src/actions/post.ts'
import { publishArticle, publishEvent } from '../src/actions/post-kind.ts'
import { react } from '../src/actions/reaction.ts'
import { postsBy } from '../src/db/post.ts'
import { lookUp } from '../src/federation/lookup.ts'
import { type Client, callerOf, clientOf } from './helpers/client.ts'
import { anEntry, saveAll } from './helpers/entries.ts'
import * as schemas from './helpers/mastodon-schemas.ts'
import { settle, startNode } from './helpers/node.ts'

t.setTimeout(240_000)

const list = <T extends z.ZodType>(schema: T) => z.array(schema)

/** What each address answers, by the documentation of Mastodon's API. */
const ANSWERS: Record<string, z.ZodType> = {
  '/api/v1/instance': schemas.InstanceV1,
  '/api/v2/instance': schemas.InstanceV2,
  '/api/v1/accounts/verify_credentials': schemas.CredentialAccount,
  '/api/v1/apps/verify_credentials': schemas.Application,
  '/api/v1/timelines/home': list(schemas.Status),
  '/api/v1/timelines/public': list(schemas.Status),
  '/api/v1/timelines/tag/farm': list(schemas.Status),
  '/api/v1/favourites': list(schemas.Status),
  '/api/v1/bookmarks': list(schemas.Status),
  '/api/v1/accounts/1/statuses': list(schemas.Status),
  '/api/v1/accounts/1/followers': list(schemas.Account),
  '/api/v1/accounts/1/following': list(schemas.Account),
  '/api/v1/accounts/relationships?id[]=1&id[]=2': list(schemas.Relationship),
  '/api/v1/accounts/search?q=a': list(schemas.Account),
  '/api/v2/search?q=a': schemas.Search,
  '/api/v2/search?q=%23farm': schemas.Search,
  '/api/v1/directory': list(schemas.Account),
  '/api/v1/suggestions': list(schemas.Account),
  '/api/v2/suggestions': list(schemas.Suggestion),
  '/api/v1/follow_requests': list(schemas.Account),
  '/api/v1/blocks': list(schemas.Account),
  '/api/v1/mutes': list(schemas.Account),
  '/api/v1/notifications': list(schemas.Notification),
  '/api/v1/markers?timeline[]=home&timeline[]=notifications': z.object({ home: schemas.Marker, notifications: schemas.Marker }),
  '/api/v1/tags/farm': schemas.Tag,
}

async function checkAll(t: Test, client: Pick<Client, 'get'>): Promise<Map<string, unknown>> {
  const bodies = new Map<string, unknown>()
  for (const [path, schema] of Object.entries(ANSWERS)) {
    const { status, headers, body } = await client.get(path)
    const parsed = status === 200 ? schema.safeParse(body) : undefined
    t.equal(status, 200, path)
    t.match(headers.get('content-type'), /^application\/json; charset=utf-8$/)
    t.equal(parsed?.success, true, `${path} ${parsed?.error ? z.prettifyError(parsed.error) : ''}`)
    bodies.set(path, body)
  }
  return bodies
}

t.test('a node that has just begun', async t => {
  const node = await startNode(t)
  const me = await clientOf(node)
  await me.get('/api/v1/accounts/verify_credentials')
  await checkAll(t, me)
})

t.test('a node without a community says what it is, and of everything else that there is none', async t => {
  const node = await startNode(t, { founded: false })
  const anyone = callerOf(node)
  for (const path of ['/api/v1/instance', '/api/v2/instance']) {
    const { body } = await anyone.get(path)
    t.equal(ANSWERS[path]!.safeParse(body).success, true, path)
  }
  for (const path of ['/api/v1/timelines/public', '/api/v1/accounts/1', '/api/v1/accounts/lookup?acct=oak'])
    t.equal((await anyone.get(path)).status, 404, path)
})

t.test('a node that has been used', async t => {
  const oak = await startNode(t, {
    charter: { website: 'https://oak.example/', agreements: [{ title: 'Meals', text: 'Everybody cooks.' }], languages: ['en', 'pt-BR'] },
  })
  const elm = await startNode(t, { handle: 'elm' })
  saveAll(
    oak.ctx.db,
    Array.from({ length: 5 }, (_, at) => anEntry({ charter: { name: `Anarres ${at}` } })),
  )
  const me = await clientOf(oak)
  await me.get('/api/v1/accounts/verify_credentials')
  followActor(oak.ctx, (await lookUp(oak.federation, elm.address)).id)
  followActor(elm.ctx, (await lookUp(elm.federation, oak.address)).id)
  await settle(oak, elm)
  publishPost(elm.ctx, `@oak@${oak.ctx.config.host} Haymaking #farm`, {
    mentioned: [{ actor: oak.actor, handle: 'oak', host: oak.ctx.config.host, url: oak.actor }],
  })
  publishArticle(elm.ctx, { title: 'A year', text: 'Long ago.' })
  publishEvent(elm.ctx, { title: 'Feast', starts: '2027-05-01T18:00+02:00', ends: '2027-05-02T02:00+02:00', place: 'The barn' })
  await settle(oak, elm)
  const [heard] = postsBy(oak.ctx.db, elm.actor, { limit: 9 }).slice(-1)
  react(oak.ctx, heard!.id, 'boost')
  react(oak.ctx, heard!.id, 'like')
  publishPost(oak.ctx, 'An answer #farm', { replyTo: heard!, warning: 'Hay', language: 'en' })
  await settle(oak, elm)
  const bodies = await checkAll(t, me)
  t.ok((bodies.get('/api/v1/timelines/home') as unknown[]).length >= 4, 'there was something to look at')
  t.ok((bodies.get('/api/v1/notifications') as unknown[]).length >= 2)
})

t.test('what others may write, however strange', async t => {
  const node = await startNode(t, {
    charter: {
      name: `${'ع'.repeat(80)} <script>`,
      summary: '<img src=x onerror=alert(1)> "quoted" & more',
      website: 'https://xn--exmple-cua.example/?a=1&b=2',
      place: { precision: 'hidden', country: 'ES' },
      adults: 0,
    },
  })
  const me = await clientOf(node)
  await me.get('/api/v1/accounts/verify_credentials')
  const { ctx } = node
  const longest = 'a'.repeat(19_000)
  publishPost(ctx, `${longest} #${'ñ'.repeat(90)} #farm`)
  publishPost(ctx, '<script>alert(1)</script> [x](javascript:alert(1)) #farm', { warning: '<b>"&' })
  publishPost(ctx, '#مزرعة #农场 #farm 🌾', { visibility: 'unlisted', language: 'ar' })
  publishPost(ctx, Array.from({ length: 60 }, (_, n) => `#tag${n}`).join(' '))
  saveAll(ctx.db, [
    anEntry({ host: 'a.test:8443', handle: 'a', charter: { name: '<a>&"\'', summary: '<b>bold</b>' } }),
    anEntry({ host: 'xn--n3h.test', handle: 'ab', charter: { name: 'A'.repeat(100), website: 'http://plain.test/' } }),
  ])
  const bodies = await checkAll(t, me)
  const own = bodies.get('/api/v1/accounts/verify_credentials') as z.infer<typeof schemas.CredentialAccount>
  t.match(own.note, '&lt;img src=x', 'what looks like HTML is text')
})
