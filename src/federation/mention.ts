import { actorAt } from '../db/actor.ts'
import { localCommunity } from '../db/community.ts'
import type { Actor } from '../domain/actor.ts'
import { handlesIn, type Mentioned } from '../domain/post-text.ts'
import { Refusal } from '../domain/refusal.ts'
import type { Federation } from './federation.ts'
import { lookUp } from './lookup.ts'

/**
 * Finds everybody a text names as `@handle@host`: those known here first, others at their own server (RFC 7033).
 * @returns whom it found, and the handles nobody answered to, which stay text
 */
export async function resolveMentions(federation: Federation, markdown: string): Promise<{ mentioned: Mentioned[]; missing: string[] }> {
  const { db, config } = federation.ctx
  const own = localCommunity(db)?.handle
  const mentioned: Mentioned[] = []
  const missing: string[] = []
  for (const { handle, host } of handlesIn(markdown)) {
    if (host === config.host && handle.toLowerCase() === own) continue
    const known = actorAt(db, handle, host)
    const found = known && !known.goneAt ? known : await search(federation, `@${handle}@${host}`)
    // As it was written: an actor may live on another host than its handle says.
    if (found) mentioned.push({ actor: found.id, handle, host, url: found.url })
    else missing.push(`@${handle}@${host}`)
  }
  return { mentioned, missing }
}

async function search(federation: Federation, who: string): Promise<Actor | undefined> {
  try {
    return await lookUp(federation, who)
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}
