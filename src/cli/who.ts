import { actorAt, actorOf } from '../db/actor.ts'
import type { Db } from '../db/open.ts'
import type { Actor } from '../domain/actor.ts'
import type { Federation } from '../federation/federation.ts'

/** An actor this node knows, by its handle or its id. */
export function knownActor(db: Db, who: string): Actor | undefined {
  const text = who.trim()
  const [, name, host] = /^(?:acct:)?@?([^@\s/]+)@([^@\s/]+)$/.exec(text) ?? []
  if (!name || !host || !URL.canParse(`https://${host}`)) return actorOf(db, text)
  const server = new URL(`https://${host}`).host
  return actorAt(db, name, server) ?? actorAt(db, name.toLowerCase(), server)
}

/** The same; one that is not known is looked up at its origin. @throws Refusal when it is not there */
export async function findActor(federation: Federation, who: string): Promise<Actor> {
  const known = knownActor(federation.ctx.db, who)
  return known ?? (await import('../federation/lookup.ts')).lookUp(federation, who)
}
