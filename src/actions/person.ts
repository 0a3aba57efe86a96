import type { Context } from '../context.ts'
import { forgetAbout } from '../db/activity.ts'
import { forgetWordsOf } from '../db/block.ts'
import { record } from '../db/event.ts'
import { followerOf, removeFollower } from '../db/follower.ts'
import { followingOf, removeFollowing } from '../db/following.ts'
import { transact } from '../db/open.ts'
import { findPerson, lettersTo, type Person, scrubWords, sweep } from '../db/person.ts'
import { deletePost } from '../db/post.ts'
import { Refusal } from '../domain/refusal.ts'
import { forgetRecord } from './directory.ts'
import { eraseInquiry } from './inquiry.ts'
import { withdrawPledge } from './pledge.ts'

/** @throws Refusal when nobody of that name or address is known */
export function thePerson(ctx: Pick<Context, 'db'>, text: string): Person {
  const person = findPerson(ctx.db, text)
  if (person.actors.length + person.inquiries.length + person.pledges.length === 0)
    throw new Refusal('missing', `Nothing is known here of “${text.trim().slice(0, 100)}”. It must be written just as it was given.`)
  return person
}

/** The first half of erasing somebody: both ties are cut, and their server is to be told. */
export function partFrom(ctx: Context, { actors }: Person): void {
  transact(ctx.db, tx => {
    const at = ctx.now()
    for (const subject of actors) {
      const follower = followerOf(tx, subject)
      const followed = followingOf(tx, subject)
      if (follower) record(tx, { kind: 'follower.rejected', subject, at, data: { followId: follower.followId } })
      if (followed) record(tx, { kind: 'follow.withdrawn', subject, at, data: { followId: followed.followId } })
      removeFollower(tx, subject)
      removeFollowing(tx, subject)
    }
  })
}

/**
 * The second half, when others have been told: every row about them goes. What the community itself has said in public stays as it
 * said it, and what is still on its way to their server goes once it has arrived and this is done again.
 */
export function erasePerson(ctx: Context, { actors, inquiries, pledges }: Person): void {
  transact(ctx.db, tx => {
    const at = ctx.now()
    for (const id of inquiries) eraseInquiry(ctx, id)
    for (const id of pledges) withdrawPledge(ctx, id)
    for (const actor of actors) {
      for (const { author, iri } of lettersTo(tx, actor)) {
        deletePost(tx, author, iri, at)
        forgetAbout(tx, iri)
      }
      forgetWordsOf(tx, actor, at)
      forgetRecord(tx, actor)
      scrubWords(tx, actor)
      sweep(tx, actor)
    }
    record(tx, { kind: 'person.erased', subject: '', at })
  })
}
