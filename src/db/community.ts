import type { Community, CommunitySettings } from '../domain/community.ts'
import { Refusal } from '../domain/refusal.ts'
import type { Db, Tx } from './open.ts'
import { communities } from './schema.ts'
import { statement } from './statement.ts'

const ONLY = 'select handle, founded_at, approves_followers, theme_in_name, listed from communities limit 1'

/** Read without drizzle: whatever is asked of this node asks for it. */
export function localCommunity(db: Db): Community | undefined {
  const row = statement(db, ONLY).get() as [string, number, number, number, number] | undefined
  if (!row) return undefined
  const [handle, foundedAt, approvesFollowers, themeInName, listed] = row
  return {
    handle,
    foundedAt: new Date(foundedAt),
    approvesFollowers: approvesFollowers === 1,
    themeInName: themeInName === 1,
    listed: listed === 1,
  }
}

/** @throws Refusal when there is no community yet */
export function theCommunity(db: Db): Community {
  const community = localCommunity(db)
  if (!community)
    throw new Refusal('missing', 'This node has no community yet. Found it with: npx archipelago setup', [], { code: 'noCommunity' })
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
