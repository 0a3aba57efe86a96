import { endCommunity, eraseAfterEnd } from '../actions/end.ts'
import { publishEntry } from './entry.ts'
import type { Federation } from './federation.ts'
import { tellOthers } from './outbox.ts'

/** Ends the community of this node and erases everything but its tombstone. @throws Refusal as `endCommunity` */
export function farewell(federation: Federation, typed: string): void {
  endCommunity(federation.ctx, typed)
  publishEntry(federation)
  while (tellOthers(federation) > 0);
  eraseAfterEnd(federation.ctx)
}
