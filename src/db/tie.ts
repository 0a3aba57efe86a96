import type { Db } from './open.ts'
import { listing } from './statement.ts'

// Where the addresses of an origin stand in an index: "0" is what follows "/".
const within = (table: string, address: string) =>
  `exists (select 1 from ${table} where ${address} >= @origin || '/' and ${address} < @origin || '0' and state = 'accepted')`
const CHOSEN = `select 1 where ${within('following', 'actor')} or ${within('relays', 'inbox')}`

/** Whether the community has chosen to hear from a server: it follows somebody there, or the server is a relay. @param origin such as https://example.org */
export function hearsFrom(db: Db, origin: string): boolean {
  return listing(db, CHOSEN).get({ origin }) !== undefined
}
