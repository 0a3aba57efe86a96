import { erasePerson, partFrom, thePerson } from '../actions/person.ts'
import { countPerson, type PersonCounts } from '../db/person.ts'
import type { Federation } from './federation.ts'
import { tellOthers } from './outbox.ts'

/**
 * Erases everything this node knows of somebody; their server is told that ties have ended. They may be heard of again: a block keeps
 * them out.
 * @param text as `findPerson` @returns what there was @throws Refusal when nothing is known of them
 */
export function forgetPerson(federation: Federation, text: string): PersonCounts {
  const { ctx } = federation
  const person = thePerson(ctx, text)
  const counts = countPerson(ctx.db, person)
  partFrom(ctx, person)
  // What is to be said to them needs to know where they are.
  while (tellOthers(federation) > 0);
  erasePerson(ctx, person)
  return counts
}
