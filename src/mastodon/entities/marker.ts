import type { Marker } from '../../db/marker.ts'

/** How far somebody has read; `undefined` where they have not said. */
export function markerEntity(marker: Marker | undefined, now: Date) {
  return { last_read_id: marker?.lastRead ?? '0', version: marker?.version ?? 0, updated_at: (marker?.updatedAt ?? now).toISOString() }
}
