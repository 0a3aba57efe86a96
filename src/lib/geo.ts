/** Degrees. North and east are positive. */
export type Point = { latitude: number; longitude: number }
/** Degrees. `west` greater than `east` means that the box reaches over the date line. */
export type Box = { west: number; south: number; east: number; north: number }

const EARTH_RADIUS_KM = 6371.0088
const radians = (degrees: number) => (degrees * Math.PI) / 180
const degrees = (angle: number) => (angle * 180) / Math.PI

/** Great-circle distance (haversine on the mean radius; within 0.6 % of the ellipsoid). */
export function kilometresBetween(a: Point, b: Point): number {
  const half = (from: number, to: number) => Math.sin(radians(to - from) / 2) ** 2
  const chord =
    half(a.latitude, b.latitude) + Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * half(a.longitude, b.longitude)
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.sqrt(Math.min(1, chord)))
}

/** The smallest box that holds every point within `km` of `centre`. A circle that holds a pole takes every longitude. */
export function boxAround(centre: Point, km: number): Box {
  const angle = km / EARTH_RADIUS_KM
  const south = centre.latitude - degrees(angle)
  const north = centre.latitude + degrees(angle)
  if (south <= -90 || north >= 90) return { west: -180, south: Math.max(south, -90), east: 180, north: Math.min(north, 90) }
  const width = degrees(Math.asin(Math.min(1, Math.sin(angle) / Math.cos(radians(centre.latitude)))))
  return { west: aroundTheWorld(centre.longitude - width), south, east: aroundTheWorld(centre.longitude + width), north }
}

/** The stretches of longitude a box covers, each from west to east. 180 and -180 are the same meridian. */
export function longitudes({ west, east }: Box): [west: number, east: number][] {
  const stretches: [number, number][] = west <= east ? [[west, east]] : [[west, 180], [-180, east]] // biome-ignore format: a pair a stretch
  if (west > east) return stretches
  if (east === 180 && west > -180) stretches.push([-180, -180])
  if (west === -180 && east < 180) stretches.push([180, 180])
  return stretches
}

export function isInside(box: Box, { latitude, longitude }: Point): boolean {
  return latitude >= box.south && latitude <= box.north && longitudes(box).some(([west, east]) => longitude >= west && longitude <= east)
}

function aroundTheWorld(longitude: number): number {
  if (longitude < -180) return longitude + 360
  return longitude > 180 ? longitude - 360 : longitude
}
