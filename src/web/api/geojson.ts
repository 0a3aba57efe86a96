import type { SearchResult } from '../../domain/directory.ts'
import { CELL_RADIUS_KM } from '../../domain/place.ts'
import type { Item } from './schemas.ts'

/** Communities as a map takes them (RFC 7946). One that shows no point has no geometry; a coarse one says how wide its cell is. */
export function asGeoJson(items: readonly Item[], { total, hidden }: Pick<SearchResult, 'total' | 'hidden'>): object {
  return {
    type: 'FeatureCollection',
    numberMatched: total,
    numberReturned: items.length,
    ...(hidden === undefined ? {} : { hidden }),
    features: items.map(feature),
  }
}

function feature({ charter: _, entry: __, place, ...item }: Item): object {
  const { latitude, longitude, precision, region, locality } = place ?? {}
  const shown = latitude !== undefined && longitude !== undefined && precision !== 'hidden'
  return {
    type: 'Feature',
    id: item.actor,
    geometry: shown ? { type: 'Point', coordinates: [longitude, latitude] } : null,
    properties: {
      ...item,
      ...(region === undefined ? {} : { region }),
      ...(locality === undefined ? {} : { locality }),
      ...(precision === undefined ? {} : { precision }),
      ...(shown && CELL_RADIUS_KM[precision!] !== undefined ? { radiusKm: CELL_RADIUS_KM[precision!] } : {}),
    },
  }
}
