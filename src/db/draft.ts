import { desc, eq, ne } from 'drizzle-orm'
import type { Db, Tx } from './open.ts'
import { drafts } from './schema-draft.ts'
import { stewards } from './schema-steward.ts'

export type Draft = typeof drafts.$inferSelect

export function draftOf(db: Db, steward: number): Draft | undefined {
  return db.select().from(drafts).where(eq(drafts.steward, steward)).get()
}

/** Who else has a draft lying, the newest first. */
export function otherDrafts(db: Db, steward: number): { name: string; changedAt: Date }[] {
  return db
    .select({ name: stewards.name, changedAt: drafts.changedAt })
    .from(drafts)
    .innerJoin(stewards, eq(stewards.id, drafts.steward))
    .where(ne(drafts.steward, steward))
    .orderBy(desc(drafts.changedAt))
    .all()
}

export function saveDraftRow(tx: Tx, draft: Draft): void {
  tx.insert(drafts).values(draft).onConflictDoUpdate({ target: drafts.steward, set: draft }).run()
}

export function removeDraft(tx: Tx, steward: number): void {
  tx.delete(drafts).where(eq(drafts.steward, steward)).run()
}
