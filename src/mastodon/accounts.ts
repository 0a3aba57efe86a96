import { numberAccounts } from '../actions/account.ts'
import { accountById } from '../db/account.ts'
import { actorAt } from '../db/actor.ts'
import { localCommunity } from '../db/community.ts'
import { entryAt } from '../db/directory.ts'
import { type ActorPage, pendingCount, tiePage } from '../db/follow-page.ts'
import { pinnedItems } from '../db/timeline.ts'
import { isOpen } from '../domain/post.ts'
import { type Call, meOf, missing, stewardOf } from './call.ts'
import { accountList, credentialAccount } from './entities/account.ts'
import { relationships } from './entities/relationship.ts'
import { statusEntities } from './entities/status.ts'
import { accountOf, showAccount } from './find-account.ts'
import { flag, ids, text } from './input.ts'
import { linkPages, windowOf } from './paging.ts'
import { get, type Route } from './route.ts'
import { accountPage } from './timelines.ts'

const MOST_AT_ONCE = 100

export const accountRoutes: readonly Route[] = [
  get('/api/v1/accounts/verify_credentials', 'read:accounts', own),
  get('/api/v1/accounts/lookup', 'nothing', lookup),
  get('/api/v1/accounts/relationships', 'read:follows', related),
  get('/api/v1/accounts/familiar_followers', 'read:follows', call => ids(call.input, 'id').map(id => ({ id: String(id), accounts: [] }))),
  get('/api/v1/accounts', 'nothing', several),
  get('/api/v1/accounts/:id', 'nothing', call => showAccount(call, accountOf(call).actor)),
  get('/api/v1/accounts/:id/statuses', 'nothing', said),
  get('/api/v1/accounts/:id/followers', 'nothing', call => tied(call, 'followers')),
  get('/api/v1/accounts/:id/following', 'nothing', call => tied(call, 'following')),
  get('/api/v1/accounts/:id/endorsements', 'nothing', none),
  get('/api/v1/accounts/:id/identity_proofs', 'nothing', none),
]

/** The community a steward has signed in as. @throws Refusal when there is none yet */
export function own(call: Call) {
  const { ctx } = call
  meOf(ctx)
  const account = credentialAccount(ctx, pendingCount(ctx.db), stewardOf(call))
  if (!account) throw missing()
  return account
}

/** By handle, of what is known here; nobody is asked. */
function lookup(call: Call) {
  const actor = knownByHandle(call.ctx, text(call.input, 'acct') ?? '')
  if (actor === undefined) throw missing()
  return showAccount(call, actor)
}

/** IRI of whoever is called `user` here, or `user@host` anywhere, if they are known. */
export function knownByHandle(ctx: Call['ctx'], words: string): string | undefined {
  const [, handle, host] = /^@?([^@\s/]+)(?:@([^@\s/]+))?$/.exec(words.trim().replace(/^acct:/, '')) ?? []
  if (!handle) return undefined
  if (!host || host.toLowerCase() === ctx.config.host) {
    return localCommunity(ctx.db)?.handle === handle.toLowerCase() ? meOf(ctx) : undefined
  }
  const at = host.toLowerCase()
  const actor = actorAt(ctx.db, handle, at) ?? actorAt(ctx.db, handle.toLowerCase(), at)
  return actor && !actor.goneAt ? actor.id : entryAt(ctx.db, at, handle)?.actor
}

function related({ ctx, input }: Call) {
  const asked = ids(input, 'id').slice(0, MOST_AT_ONCE)
  const known = new Map(asked.map(id => [id, accountById(ctx.db, id)]))
  return relationships(
    ctx,
    asked.flatMap(id => known.get(id) ?? []),
  )
}

function several({ ctx, input }: Call) {
  const asked = [...new Set(ids(input, 'id'))].slice(0, MOST_AT_ONCE)
  return accountList(
    ctx,
    asked.flatMap(id => accountById(ctx.db, id)?.actor ?? []),
  )
}

function said(call: Call) {
  const { actor } = accountOf(call)
  if (!flag(call.input, 'pinned')) return accountPage(call, actor)
  const signedIn = call.grant?.steward !== undefined
  const pinned = pinnedItems(call.ctx.db, actor)
  return statusEntities(call.ctx, signedIn ? pinned : pinned.filter(item => isOpen(item.post)), signedIn)
}

/** Whom others follow they do not tell us. */
function tied(call: Call, tie: 'followers' | 'following') {
  const { actor } = accountOf(call)
  if (actor !== meOf(call.ctx)) return []
  return sendActors(call, tiePage(call.ctx.db, tie, windowOf(call.input, 40, 80)))
}

/** A page of accounts, and where its neighbours are. */
export function sendActors(call: Call, { rows, more }: ActorPage) {
  linkPages(
    call,
    rows.map(row => row.cursor),
    more,
  )
  return accountList(
    call.ctx,
    rows.map(row => row.actor),
  )
}

function none(call: Call): unknown[] {
  accountOf(call)
  return []
}

/** The account of an actor somebody has just found. */
export function accountFor(ctx: Call['ctx'], actor: string) {
  return numberAccounts(ctx, [actor]).get(actor)!
}
