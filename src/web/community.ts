import type { FastifyInstance } from 'fastify'
import { entryOpened } from '../actions/entry-look.ts'
import type { Context } from '../context.ts'
import { actorAt } from '../db/actor.ts'
import { currentEdition, standingEdition } from '../db/charter.ts'
import { localCommunity } from '../db/community.ts'
import { entryAt } from '../db/directory.ts'
import { decidedInquiries, takesInquiries } from '../db/inquiry.ts'
import { attachmentsOfAll } from '../db/media.ts'
import { pledgeCount } from '../db/pledge.ts'
import { postsBy } from '../db/post.ts'
import { recordOf } from '../db/record.ts'
import { type Charter, publicCharter } from '../domain/charter.ts'
import type { DirectoryEntry } from '../domain/directory.ts'
import { welcomesInquiries } from '../domain/inquiry.ts'
import { communityIri } from '../domain/iri.ts'
import { Refusal } from '../domain/refusal.ts'
import { communityPath } from './community-path.ts'
import { asPage, type Edge, sendPage } from './edge.ts'
import type { Page } from './layout.tsx'
import { communityPage } from './pages/community-page.tsx'
import { profileOf } from './profile/profile.ts'
import type { Site } from './site.ts'

type Paging = { Querystring: { before?: unknown } }
const POSTS = 10

export function communityRoutes(app: FastifyInstance, { ctx, site }: Edge): void {
  app.get<Paging & { Params: { handle: string } }>('/c/:handle', asPage, (request, reply) => {
    const entry = ownEntry(ctx, site(request), request.params.handle)
    return sendPage(reply, site(request), pageOf(ctx, site(request), entry, request.query.before))
  })

  app.get<Paging & { Params: { host: string; handle: string } }>('/communities/:host/:handle', (request, reply) => {
    const { host, handle } = request.params
    if (host.toLowerCase() === ctx.config.host) return reply.redirect(`/c/${encodeURIComponent(handle.toLowerCase())}`, 301)
    const entry = askedEntry(ctx, site(request), host, handle)
    askForNews(ctx, entry.actor)
    return sendPage(reply, site(request), pageOf(ctx, site(request), entry, request.query.before))
  })

  app.get<{ Params: { handle: string } }>('/@:handle', (request, reply) => {
    const handle = request.params.handle.toLowerCase()
    if (localCommunity(ctx.db)?.handle !== handle) throw missingHere(site(request))
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
export function ownEntry({ config, db }: Context, site: Site, handle: string): DirectoryEntry {
  const community = localCommunity(db)
  const current = standingEdition(db)
  if (!community || !current || community.handle !== handle.toLowerCase()) throw missingHere(site)
  const { edition, publishedAt, charter } = current
  const actor = communityIri(config.publicUrl, community.handle)
  const entry = { actor, url: actor, host: config.host, handle: community.handle, edition, publishedAt, verifiedAt: publishedAt }
  return { ...entry, charter: publicCharter(charter), source: 'self', state: 'vouched', expiresAt: null, record: 0 }
}

/** @throws Refusal 'missing' where it is not here, with the reason if there is one */
export function askedEntry(ctx: Context, site: Site, host: string, handle: string): DirectoryEntry {
  const entry = entryAt(ctx.db, host, handle)
  if (!entry) throw new Refusal('missing', site.words.t(whyMissing(ctx, host, handle)))
  return entry
}

/** The message that says why an entry is not here, or no more. */
function whyMissing({ db }: Context, host: string, handle: string): string {
  const id = actorAt(db, handle, host.toLowerCase())?.id ?? communityIri(`https://${host}`, handle)
  const state = recordOf(db, id)?.state
  if (state === 'tombstoned') return 'errors.withdrawn'
  if (state === 'forked') return 'errors.forked'
  return state === 'expired' ? 'errors.expired' : 'errors.unknown'
}

export function missingHere({ words }: Site): Refusal {
  return new Refusal('missing', words.t('errors.notHere'))
}

/** The community's page as it would be with another charter. @param charter as others may see it */
export function previewOf(ctx: Context, site: Site, charter: Charter): Page {
  const { config, db, now } = ctx
  const { handle = 'community', listed = true } = localCommunity(db) ?? {}
  const actor = communityIri(config.publicUrl, handle)
  const current = currentEdition(db)
  const said = { edition: (current?.edition ?? 0) + 1, publishedAt: now(), verifiedAt: now(), charter }
  const entry = {
    actor,
    url: actor,
    host: config.host,
    handle,
    ...said,
    source: 'self',
    state: 'vouched',
    expiresAt: null,
    record: 0,
  } as const
  const posts = postsBy(db, actor, { limit: POSTS })
  const attachments = attachmentsOfAll(
    db,
    posts.map(post => post.id),
  )
  const reach = { handle, inquiries: welcomesInquiries(charter, listed, decidedInquiries(db)), pledges: pledgeCount(db) }
  return communityPage({ entry, profile: profileOf(ctx, site, entry), reach, posts, attachments, now: now() })
}

function pageOf(ctx: Context, site: Site, entry: DirectoryEntry, before: unknown): Page {
  const from = Number(before)
  const older = Number.isSafeInteger(from) && from > 0 ? { before: from } : {}
  const posts = postsBy(ctx.db, entry.actor, { limit: POSTS + 1, ...older })
  const shown = posts.slice(0, POSTS)
  const attachments = attachmentsOfAll(
    ctx.db,
    shown.map(post => post.id),
  )
  const last = posts.length > POSTS ? shown.at(-1) : undefined
  const profile = profileOf(ctx, site, entry)
  const reach =
    entry.source === 'self' ? { handle: entry.handle, inquiries: takesInquiries(ctx.db), pledges: pledgeCount(ctx.db) } : undefined
  const next = last && `${communityPath(entry)}?before=${last.id}#posts`
  return communityPage({ entry, profile, reach, posts: shown, attachments, older: next, now: ctx.now() })
}
