import { numberAccounts } from '../../actions/account.ts'
import type { Context } from '../../context.ts'
import type { Account } from '../../db/account.ts'
import { actorsByIds, type Figures, figuresOf } from '../../db/account-figures.ts'
import { currentEdition } from '../../db/charter.ts'
import { localCommunity } from '../../db/community.ts'
import { entryOf } from '../../db/directory.ts'
import { followerCount } from '../../db/follower.ts'
import { followingCount } from '../../db/following.ts'
import { ownFace } from '../../db/media.ts'
import { postingOf } from '../../db/posting.ts'
import type { Actor } from '../../domain/actor.ts'
import { type Charter, publicCharter } from '../../domain/charter.ts'
import { charterFacts } from '../../domain/charter-facts.ts'
import type { DirectoryEntry } from '../../domain/directory.ts'
import { communityIri } from '../../domain/iri.ts'
import { attachmentUrl } from '../../domain/media.ts'
import { escapeHtml } from '../../lib/sanitise.ts'
import { VISIBILITY_WORDS } from './visibility.ts'

export type AccountEntity = ReturnType<typeof shape>

/** What an account is made of, wherever it is known from. */
type Known = {
  handle: string
  /** Of the handle; null for the community itself. */
  host: string | null
  name: string
  note: string
  url: string
  type: string
  locked: boolean
  listed: boolean
  avatar: string | undefined
  header: string | undefined
  charter: Charter | undefined
  since: Date | undefined
  /** Undefined where nobody here has counted. */
  followers?: number
  following?: number
}

/**
 * Accounts of some actors, by IRI: the community, those read at their origins, and communities known from the directory alone. Whoever is
 * not known at all is not among them. Each gets a number that stays its own.
 */
export function accountEntities(ctx: Context, actors: readonly string[]): Map<string, AccountEntity> {
  const wanted = [...new Set(actors)]
  const me = ownIri(ctx)
  const fetched = actorsByIds(ctx.db, wanted)
  const found = new Map<string, Known>()
  for (const iri of wanted) {
    const known = iri === me ? ownAccount(ctx) : foreignAccount(fetched.get(iri), () => entryOf(ctx.db, iri))
    if (known) found.set(iri, known)
  }
  const numbers = numberAccounts(ctx, [...found.keys()])
  const figures = figuresOf(ctx.db, [...found.keys()])
  return new Map([...found].map(([iri, known]) => [iri, shape(ctx, iri, known, numbers.get(iri)!, figures.get(iri)!)]))
}

export function accountEntity(ctx: Context, actor: string): AccountEntity | undefined {
  return accountEntities(ctx, [actor]).get(actor)
}

/** Accounts in the order of some actors; those nothing is known of are left out. */
export function accountList(ctx: Context, actors: readonly string[]): AccountEntity[] {
  const found = accountEntities(ctx, actors)
  return actors.flatMap(actor => found.get(actor) ?? [])
}

/** The community to itself: with what the steward who asks would change. */
export function credentialAccount(ctx: Context, requests: number, steward: number) {
  const me = ownIri(ctx)
  const account = me === undefined ? undefined : accountEntity(ctx, me)
  if (!account) return undefined
  const charter = currentEdition(ctx.db)?.charter
  const { visibility, sensitive, language } = postingOf(ctx.db, steward)
  return {
    ...account,
    source: {
      privacy: VISIBILITY_WORDS[visibility],
      sensitive,
      language: language ?? charter?.languages[0] ?? null,
      note: charter?.summary ?? '',
      fields: account.fields,
      follow_requests_count: requests,
      discoverable: account.discoverable,
      indexable: account.indexable,
      hide_collections: false,
      attribution_domains: [],
    },
    role: { id: '-99', name: '', permissions: '0', color: '', highlighted: false },
  }
}

function ownIri({ config, db }: Context): string | undefined {
  const community = localCommunity(db)
  return community && communityIri(config.publicUrl, community.handle)
}

function ownAccount({ config, db }: Context): Known | undefined {
  const community = localCommunity(db)
  if (!community) return undefined
  const charter = currentEdition(db)?.charter
  const shown = charter && publicCharter(charter)
  const picture = (use: 'avatar' | 'header') => {
    const face = ownFace(db, use)
    return face && attachmentUrl(config.publicUrl, face)
  }
  return {
    handle: community.handle,
    host: null,
    name: shown?.name ?? community.handle,
    note: shown ? paragraph(shown.summary) : '',
    url: communityIri(config.publicUrl, community.handle),
    type: 'Organization',
    locked: community.approvesFollowers,
    listed: community.listed,
    avatar: picture('avatar'),
    header: picture('header'),
    charter: shown,
    since: community.foundedAt,
    followers: followerCount(db),
    following: followingCount(db),
  }
}

function foreignAccount(actor: Actor | undefined, listed: () => DirectoryEntry | undefined): Known | undefined {
  // What is blocked or gone is no more than a name.
  if (actor && !actor.charter) return fromActor(actor, undefined)
  if (actor) return fromActor(actor, actor.charter?.charter)
  const entry = listed()
  return entry && fromEntry(entry)
}

// An actor says nothing here of these; its own server counts who follows it.
const UNKNOWN = { locked: false, header: undefined, since: undefined }

function fromActor({ handle, host, name, summary, url, type, icon }: Actor, charter: Charter | undefined): Known {
  const avatar = icon && /^https:\/\//.test(icon) ? icon : undefined
  return { ...UNKNOWN, handle, host, name, note: summary, url, type, listed: charter !== undefined, avatar, charter }
}

function fromEntry({ handle, host, url, charter }: DirectoryEntry): Known {
  const { name, summary } = charter
  return { ...UNKNOWN, handle, host, name, note: paragraph(summary), url, type: 'Organization', listed: true, avatar: undefined, charter }
}

const paragraph = (words: string) => `<p>${escapeHtml(words)}</p>`

function shape({ config: { publicUrl } }: Context, iri: string, known: Known, { id, since }: Account, figures: Figures) {
  const avatar = known.avatar ?? `${publicUrl}/assets/icon.png`
  const header = known.header ?? `${publicUrl}/assets/header.png`
  return {
    id: String(id),
    username: known.handle,
    acct: known.host === null ? known.handle : `${known.handle}@${known.host}`,
    display_name: known.name,
    locked: known.locked,
    bot: known.type === 'Service' || known.type === 'Application',
    group: known.type === 'Organization' || known.type === 'Group',
    discoverable: known.listed,
    indexable: known.listed,
    noindex: !known.listed,
    created_at: (known.since ?? since).toISOString(),
    note: known.note,
    url: known.url,
    uri: iri,
    avatar,
    avatar_static: avatar,
    header,
    header_static: header,
    followers_count: known.followers ?? Number(figures.followed),
    following_count: known.following ?? Number(figures.follows),
    statuses_count: figures.posts,
    last_status_at: figures.lastAt?.toISOString().slice(0, 10) ?? null,
    hide_collections: false,
    emojis: [],
    roles: [],
    fields: known.charter ? fields(known.charter) : [],
    moved: null,
  }
}

// The charter in a few lines: what an app shows beside a name.
function fields(charter: Charter) {
  return charterFacts(charter).map(({ name, value, href }) => ({
    name,
    value: href ? `<a href="${escapeHtml(href)}" rel="nofollow noopener noreferrer">${escapeHtml(value)}</a>` : escapeHtml(value),
    verified_at: null,
  }))
}
