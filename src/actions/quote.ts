import type { Context } from '../context.ts'
import { actorOf } from '../db/actor.ts'
import { isBlocked, severityOf } from '../db/block.ts'
import { theCommunity } from '../db/community.ts'
import { record } from '../db/event.ts'
import { followerOf } from '../db/follower.ts'
import { type Db, transact } from '../db/open.ts'
import { postByIri } from '../db/post.ts'
import { addQuote, quoteNamed, quoteOf, revokeQuote } from '../db/quote.ts'
import { saveSetting, setting } from '../db/setting.ts'
import { quoteIri } from '../domain/iri.ts'
import { checkQuotePolicy, mayQuote, type Quote, type QuotePolicy } from '../domain/quote.ts'
import { Refusal } from '../domain/refusal.ts'
import { newId } from '../lib/id.ts'

/** Who may quote the community's posts; everyone until the steward says otherwise. */
export function quotePolicy(db: Db): QuotePolicy {
  return checkQuotePolicy(setting(db, 'quotes') ?? 'everyone')
}

/** Holds for requests from now on; what was agreed to stays until it is revoked. @throws Refusal when there is no community yet */
export function changeQuotePolicy(ctx: Context, policy: QuotePolicy): void {
  transact(ctx.db, tx => {
    const { handle } = theCommunity(tx)
    saveSetting(tx, 'quotes', checkQuotePolicy(policy))
    record(tx, { kind: 'community.settings_changed', subject: handle, at: ctx.now() })
  })
}

/**
 * `actor` asks to quote a post of the community (FEP-044f). The answer is given at once, and is the same again when it asks again; a
 * quote that was revoked stays so.
 * @param ask `request` is the id of what it asked with, `post` the IRI of ours, `quoting` of its own
 * @returns false when there is no such post of ours
 */
export function answerQuote(ctx: Context, actor: string, ask: { request: string; post: string; quoting: string }): boolean {
  return transact(ctx.db, tx => {
    const post = postByIri(tx, ask.post)
    if (!post?.local || post.deletedAt) return false
    const asking = actorOf(tx, actor)
    const unwelcome = !asking || severityOf(tx, asking.host) !== undefined || isBlocked(tx, actor)
    const follows = followerOf(tx, actor)?.state === 'accepted'
    const standing = quoteOf(tx, post.id, ask.quoting)
    const now = ctx.now()
    const allowed = mayQuote(quotePolicy(tx), post.visibility, { follows, unwelcome })
    if (!allowed || standing?.revokedAt || (standing && standing.actor !== actor)) {
      record(tx, { kind: 'quote.rejected', subject: actor, at: now, data: ask })
      return true
    }
    const stamp = standing?.stamp ?? quoteIri(ctx.config.publicUrl, newId(now))
    if (!standing) addQuote(tx, { stamp, post: post.id, actor, quoting: ask.quoting, at: now })
    record(tx, { kind: 'quote.accepted', subject: actor, at: now, data: { ...ask, stamp } })
    return true
  })
}

/**
 * Takes back the agreement to a quote; servers that keep to it show the quoted post there no longer.
 * @param which number or IRI of the agreement @throws Refusal when there is none, or it is taken back already
 */
export function revokeAgreement(ctx: Context, which: string): Quote {
  return transact(ctx.db, tx => {
    const quote = quoteNamed(tx, which)
    if (!quote) throw new Refusal('missing', `There is no quote ${which}. npx archipelago quotes lists them.`)
    const now = ctx.now()
    if (!revokeQuote(tx, quote.stamp, now)) throw new Refusal('conflict', `Quote ${quote.number} is revoked already.`)
    record(tx, { kind: 'quote.revoked', subject: quote.stamp, at: now, data: { actor: quote.actor } })
    return { ...quote, revokedAt: now }
  })
}
