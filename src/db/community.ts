import type { Community, CommunitySettings } from '../domain/community.ts'
import { Refusal } from '../domain/refusal.ts'
import type { Db, Tx } from './open.ts'
import { prepared } from './prepared.ts'
import { communities } from './schema.ts'

const only = (db: Db) => db.select().from(communities).limit(1).prepare()

export function localCommunity(db: Db): Community | undefined {
  const row = prepared(db, only).get()
  if (!row) return undefined
  const { id: _, ...community } = row
  return community
}

/** @throws Refusal when there is no community yet */
export function theCommunity(db: Db): Community {
  const community = localCommunity(db)
  if (!community) throw new Refusal('missing', 'This node has no community yet. Found it with: npx archipelago setup')
  return community
}

export function saveCommunity(tx: Tx, community: Community): void {
  tx.insert(communities)
    .values({ id: 1, ...community })
    .run()
}

export function changeCommunity(tx: Tx, changes: Partial<CommunitySettings>): void {
  tx.update(communities).set(changes).run()
}
