import type { Context } from '../context.ts'
import { theCommunity } from '../db/community.ts'
import { record } from '../db/event.ts'
import { type Tx, transact } from '../db/open.ts'
import {
  addPledge,
  allPledges,
  changePledge,
  countedPledges,
  neededPledges,
  outlivedPledges,
  PLEDGE_SETTINGS,
  pledgeByToken,
  pledgeCount,
  pledgeOf,
  pledgesSince,
  reachedAt,
  removePledge,
} from '../db/pledge.ts'
import { saveSetting } from '../db/setting.ts'
import { forgetTickets, spendTicket } from '../db/ticket.ts'
import { checkNeed, PLEDGE_LIMITS, type Pledge, type PledgeDraft } from '../domain/pledge.ts'
import type { Mentioned } from '../domain/post-text.ts'
import { Refusal } from '../domain/refusal.ts'
import { isFediverse } from '../domain/stranger.ts'
import type { Ticket } from './inquiry.ts'
import { publishPost } from './post.ts'

const A_DAY = 24 * 3_600_000
const FIRST_RETRY_MS = 10 * 60_000

/**
 * How many people the community needs; 0 stops looking for them. Raised above those who have pledged, it is not reached any more.
 * @throws Refusal when it is no number of people, or there is no community yet
 */
export function needPledges(ctx: Context, need: number): void {
  checkNeed(need)
  transact(ctx.db, tx => {
    theCommunity(tx)
    saveSetting(tx, PLEDGE_SETTINGS.need, String(need))
    if (countedPledges(tx) < need || need === 0) saveSetting(tx, PLEDGE_SETTINGS.reachedAt, '0')
    weigh(ctx, tx)
  })
}

/** Somebody would come. Sent twice it is the same pledge. @throws Refusal as `sendInquiry` */
export function makePledge(ctx: Context, draft: PledgeDraft, ticket: Ticket): Pledge {
  return transact(ctx.db, tx => {
    const made = pledgeByToken(tx, ticket.tokenHash)
    if (made) return made
    if (!pledgeCount(tx)) throw new Refusal('forbidden', 'This community is not looking for pledges.')
    const now = ctx.now()
    const since = new Date(now.getTime() - A_DAY)
    const crowded = pledgesSince(tx, since) >= PLEDGE_LIMITS.ofADay
    if (crowded || (!ticket.proven && pledgesSince(tx, since, { held: true }) >= PLEDGE_LIMITS.heldOfADay))
      throw new Refusal('unavailable', 'Too many have pledged here today. Try again tomorrow.')
    forgetTickets(tx, now)
    if (!spendTicket(tx, ticket.hash, ticket.until)) throw new Refusal('conflict', 'This form has been sent already.')
    const { tokenHash, language } = ticket
    const pledge = { ...draft, tokenHash, language, held: !ticket.proven, at: now, dueAt: null, attempts: 0 }
    const id = addPledge(tx, pledge)
    record(tx, { kind: 'pledge.made', subject: String(id), at: now })
    weigh(ctx, tx)
    return { ...pledge, id }
  })
}

/** Takes a pledge back, and with it all that is known of who made it; by its number or by what its private page is known by. */
export function withdrawPledge(ctx: Context, which: number | string): void {
  transact(ctx.db, tx => {
    const pledge = typeof which === 'number' ? byNumber(tx, which) : pledgeByToken(tx, which)
    if (!pledge) throw new Refusal('missing', 'There is no pledge at this address. It may have been taken back.')
    removePledge(tx, pledge.id)
    record(tx, { kind: 'pledge.withdrawn', subject: String(pledge.id), at: ctx.now() })
  })
}

/** The steward counts a pledge that was held. @throws Refusal when there is none of that number, or it counts already */
export function acceptPledge(ctx: Context, id: number): void {
  transact(ctx.db, tx => {
    if (!byNumber(tx, id).held) throw new Refusal('conflict', `Pledge ${id} counts already.`)
    changePledge(tx, id, { held: false })
    weigh(ctx, tx)
  })
}

/** Erases held pledges that nobody has let in. */
export function forgetPledges(ctx: Context): void {
  transact(ctx.db, tx => {
    for (const { id } of outlivedPledges(tx, new Date(ctx.now().getTime() - PLEDGE_LIMITS.heldKeptMs))) removePledge(tx, id)
  })
}

/** Tells a pledger by a direct post that there are enough, or, where they were not found, puts it off. @param text markdown */
export function tellPledger(ctx: Context, { id, attempts }: Pledge, told: { mentioned: Mentioned; text: string } | undefined): void {
  transact(ctx.db, tx => {
    // It may have been taken back while its author was looked for.
    if (!pledgeOf(tx, id)?.dueAt) return
    if (told) publishPost(ctx, told.text, { visibility: 'direct', mentioned: [told.mentioned] })
    const next = attempts + 1
    const again = told || next >= PLEDGE_LIMITS.attempts ? null : new Date(ctx.now().getTime() + FIRST_RETRY_MS * 2 ** attempts)
    changePledge(tx, id, { attempts: next, dueAt: again })
  })
}

// The moment there are enough, whoever can be told is to be told. Those who come later see it when they pledge.
function weigh(ctx: Context, tx: Tx): void {
  const need = neededPledges(tx)
  if (need === 0 || reachedAt(tx) || countedPledges(tx) < need) return
  const now = ctx.now()
  saveSetting(tx, PLEDGE_SETTINGS.reachedAt, String(now.getTime()))
  record(tx, { kind: 'pledges.reached', subject: String(need), at: now })
  for (const { id, contact, held } of allPledges(tx))
    if (!held && contact && isFediverse(contact)) changePledge(tx, id, { dueAt: now, attempts: 0 })
}

function byNumber(tx: Tx, id: number): Pledge {
  const pledge = pledgeOf(tx, id)
  if (!pledge) throw new Refusal('missing', `There is no pledge numbered ${id}. npx archipelago pledges lists them.`)
  return pledge
}
