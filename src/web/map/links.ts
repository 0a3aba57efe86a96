import { type Asked, dropped, searchPath } from '../search-address.ts'
import { type Area, boxAroundSpots, type Frame, type Spot, widened } from './picture.ts'

const MAP = { fragment: '#map' }

/** Those of a country that name no place in it: the one, or the search of that country. */
export function areaPath(asked: Asked, { code, only }: Area): string {
  return only?.path ?? searchPath({ ...dropped(asked, 'near', 'within', 'bbox', ...byDistance(asked)), country: code })
}

/** The same search within the box that holds these. */
export function groupPath(asked: Asked, spots: readonly Spot[]): string {
  return withBox(asked, boxAroundSpots(spots))
}

/** The same search in twice the width, or everywhere. */
export function fartherPath(asked: Asked, frame: Frame): string {
  const bbox = widened(frame)
  return bbox === undefined ? everywherePath(asked) : withBox(asked, bbox)
}

export function everywherePath(asked: Asked): string {
  return searchPath(dropped(asked, 'near', 'within', 'bbox', ...byDistance(asked)), MAP)
}

function withBox(asked: Asked, bbox: string): string {
  return searchPath({ ...dropped(asked, 'near', 'within', ...byDistance(asked)), bbox }, MAP)
}

const byDistance = ({ sort }: Asked) => (sort === 'distance' ? (['sort'] as const) : [])
