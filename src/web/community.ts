import type { FastifyInstance } from 'fastify'
import { entryOpened } from '../actions/entry-look.ts'
import type { Context } from '../context.ts'
import { actorAt } from '../db/actor.ts'
import { currentEdition } from '../db/charter.ts'
import { localCommunity } from '../db/community.ts'
import { contenderOf } from '../db/contender.ts'
import { entryAt } from '../db/directory.ts'
import { postsBy } from '../db/post.ts'
import { recordOf } from '../db/record.ts'
import { publicCharter } from '../domain/charter.ts'
import type { DirectoryEntry } from '../domain/directory.ts'
import { communityIri } from '../domain/iri.ts'
import { Refusal } from '../domain/refusal.ts'
import { communityPath } from './community-path.ts'
import { asPage, type Edge, sendPage } from './edge.ts'
import type { Page } from './layout.tsx'
import { communityPage } from './pages/community-page.tsx'

type Paging = { Querystring: { before?: unknown } }
const POSTS = 10

export function communityRoutes(app: FastifyInstance, { ctx, site }: Edge): void {
  app.get<Paging & { Params: { handle: string } }>('/c/:handle', asPage, (request, reply) => {
    const entry = ownEntry(ctx, request.params.handle)
    return sendPage(reply, site(), pageOf(ctx, entry, request.query.before))
  })

  app.get<Paging & { Params: { host: string; handle: string } }>('/communities/:host/:handle', (request, reply) => {
    const { host, handle } = request.params
    if (host.toLowerCase() === ctx.config.host) return reply.redirect(`/c/${encodeURIComponent(handle.toLowerCase())}`, 301)
    const entry = entryAt(ctx.db, host, handle)
    if (!entry) throw new Refusal('missing', whyMissing(ctx, host, handle))
    askForNews(ctx, entry.actor)
    return sendPage(reply, site(), pageOf(ctx, entry, request.query.before))
  })

  app.get<{ Params: { handle: string } }>('/@:handle', (request, reply) => {
    const handle = request.params.handle.toLowerCase()
    if (localCommunity(ctx.db)?.handle !== handle) throw missingHere()
    return reply.redirect(`/c/${handle}`, 301)
  })
}

// That nothing can be written (a full disk) is no reason not to show a page.
function askForNews(ctx: Context, actor: string): void {
  try {
    entryOpened(ctx, actor)
  } catch (error) {
    ctx.log.warn({ err: error, actor }, 'an entry whose page was opened could not be put down for a look')
  }
}

/** @throws Refusal 'missing' where no community of this handle is at home here */
function ownEntry({ config, db }: Context, handle: string): DirectoryEntry {
  const community = localCommunity(db)
  const current = currentEdition(db)
  if (!community || !current || community.handle !== handle.toLowerCase()) throw missingHere()
  const { edition, publishedAt, charter } = current
  const actor = communityIri(config.publicUrl, community.handle)
  const entry = { actor, url: actor, host: config.host, handle: community.handle, edition, publishedAt, verifiedAt: publishedAt }
  return { ...entry, charter: publicCharter(charter), source: 'self', state: 'vouched', expiresAt: null, record: 0 }
}

/** Where an entry was and is no more, why. */
function whyMissing({ db }: Context, host: string, handle: string): string {
  const id = actorAt(db, handle, host.toLowerCase())?.id ?? communityIri(`https://${host}`, handle)
  const state = recordOf(db, id)?.state
  if (state === 'tombstoned') return 'This community has withdrawn its entry: it wants to be found no longer.'
  if (state === 'forked')
    return 'This community has signed two different entries under one number. Neither is shown until it signs a newer one.'
  if (state === 'expired') return 'The entry of this community has expired: its node has not renewed it for half a year.'
  return 'This node knows no community at this address. Its steward can look it up, or follow it.'
}

export function missingHere(): Refusal {
  return new Refusal('missing', 'No community of this name is at home on this node. It may be in the directory: search for it.')
}

function pageOf({ db, now }: Context, entry: DirectoryEntry, before: unknown): Page {
  const from = Number(before)
  const older = Number.isSafeInteger(from) && from > 0 ? { before: from } : {}
  const posts = postsBy(db, entry.actor, { limit: POSTS + 1, ...older })
  const shown = posts.slice(0, POSTS)
  const last = posts.length > POSTS ? shown.at(-1) : undefined
  const keysChangedAt = contenderOf(db, entry.actor)?.since
  return communityPage({ entry, keysChangedAt, posts: shown, older: last && `${communityPath(entry)}?before=${last.id}#posts`, now: now() })
}
