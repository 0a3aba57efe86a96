import type { Context } from '../context.ts'
import { type Conversation, conversations, saveRead } from '../db/conversation.ts'
import { transact } from '../db/open.ts'
import { Refusal } from '../domain/refusal.ts'

/** A private conversation was read. @throws Refusal when there is none */
export function readConversation(ctx: Context, root: number): Conversation {
  return change(ctx, root, last => ({ read: last }))
}

/** Puts a private conversation away until somebody says more. @throws Refusal when there is none */
export function putConversationAway(ctx: Context, root: number): void {
  change(ctx, root, last => ({ read: last, away: last }))
}

function change(ctx: Context, root: number, to: (last: number) => { read?: number; away?: number }): Conversation {
  return transact(ctx.db, tx => {
    const found = conversations(tx).find(one => one.root === root)
    if (!found) throw new Refusal('missing', 'Record not found')
    saveRead(tx, root, to(found.last))
    return found
  })
}
