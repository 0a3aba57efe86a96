import { and, eq } from 'drizzle-orm'
import type { Db, Tx } from './open.ts'
import { markers } from './schema-client.ts'

/** How far a steward has read one timeline. */
export type Marker = typeof markers.$inferSelect

export function markerOf(db: Db, steward: number, timeline: string): Marker | undefined {
  return db
    .select()
    .from(markers)
    .where(and(eq(markers.steward, steward), eq(markers.timeline, timeline)))
    .get()
}

export function saveMarker(tx: Tx, marker: Marker): void {
  tx.insert(markers)
    .values(marker)
    .onConflictDoUpdate({ target: [markers.steward, markers.timeline], set: marker })
    .run()
}
