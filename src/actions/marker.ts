import type { Context } from '../context.ts'
import { type Marker, markerOf, saveMarker } from '../db/marker.ts'
import { transact } from '../db/open.ts'

/** A steward has read a timeline down from this one. */
export function markRead(ctx: Context, steward: number, timeline: string, lastRead: string): Marker {
  return transact(ctx.db, tx => {
    const version = (markerOf(tx, steward, timeline)?.version ?? 0) + 1
    const marker = { steward, timeline, lastRead, version, updatedAt: ctx.now() }
    saveMarker(tx, marker)
    return marker
  })
}
