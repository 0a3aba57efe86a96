import type { Box } from '../../lib/geo.ts'

/** The map is a Mercator projection, as of web maps: a square of so many units, whose first corner is 180 degrees west and about 85 north. */
export const WORLD = 3600
const EQUATOR_KM = 40_075.017
const MOST = 85.0511
const radians = (degrees: number) => (degrees * Math.PI) / 180

export function xOf(longitude: number): number {
  return ((longitude + 180) / 360) * WORLD
}

export function yOf(latitude: number): number {
  const angle = radians(Math.max(-MOST, Math.min(MOST, latitude)))
  return WORLD / 2 - (WORLD / (2 * Math.PI)) * Math.log(Math.tan(Math.PI / 4 + angle / 2))
}

/** Kilometres on the ground at this latitude, in units of the map. */
export function unitsOf(km: number, latitude: number): number {
  return (km / (EQUATOR_KM * Math.cos(radians(latitude)))) * WORLD
}

/** The box of the earth a rectangle of the map shows; the rectangle may reach over the date line. */
export function boxOf({ x, y, width, height }: { x: number; y: number; width: number; height: number }): Box {
  const all = width >= WORLD
  const [west, east] = all ? [-180, 180] : [turned(longitudeOf(x)), turned(longitudeOf(x + width))]
  return { west, south: latitudeOf(y + height), east, north: latitudeOf(y) }
}

export function turned(longitude: number): number {
  if (longitude < -180) return longitude + 360
  return longitude > 180 ? longitude - 360 : longitude
}

function longitudeOf(x: number): number {
  return (x / WORLD) * 360 - 180
}

function latitudeOf(y: number): number {
  const inside = Math.max(0, Math.min(WORLD, y))
  return (Math.atan(Math.sinh(((WORLD / 2 - inside) * 2 * Math.PI) / WORLD)) * 180) / Math.PI
}
