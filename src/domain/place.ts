import type { z } from 'zod'
import { country, group, number, oneOf, optional, required } from './charter-field.ts'
import { line } from './charter-text.ts'
import { COUNTRIES } from './country.ts'
import { PRECISIONS, type Precision } from './vocabulary.ts'

// Six decimals are 11 cm. What is finer is noise of a device or a tool.
const coordinate = (limit: number) => number(-limit, limit).overwrite(value => Math.round(value * 1e6) / 1e6 + 0)

/** Where a community is, as its steward wrote it. `precision` says how much of it may be shown. */
export const Place = group({
  precision: required(
    oneOf(PRECISIONS).default('locality'),
    'Precision',
    'How exactly the place is shown to others. Applied before anything leaves the node: locality shows a square of about 10 km, hidden shows nothing.',
  ),
  country: optional(country(COUNTRIES), 'Country', 'Two capital letters of ISO 3166-1, such as ES.'),
  region: optional(line(100), 'Region', 'State, province, county or island.'),
  locality: optional(line(100), 'Locality', 'Town or village.'),
  street: optional(line(200), 'Street', 'Street and number. Shown only with the precisions exact and street.'),
  latitude: optional(coordinate(90), 'Latitude', 'Degrees north of the equator, south is negative.'),
  longitude: optional(coordinate(180), 'Longitude', 'Degrees east of Greenwich, west is negative.'),
})
  .superRefine(
    ({ latitude, longitude }, context) => {
      const missing = latitude === undefined ? 'latitude' : 'longitude'
      if ((latitude === undefined) !== (longitude === undefined)) {
        context.addIssue({ code: 'custom', path: [missing], message: 'is missing: give both coordinates or none' })
      }
    },
    { when: ({ value }) => typeof value === 'object' && value !== null },
  )
  .meta({ dependentRequired: { latitude: ['longitude'], longitude: ['latitude'] } })
export type Place = z.infer<typeof Place>

// Cells in one degree. Each coarser grid is made of whole cells of the finer ones, so coarsening in two steps is coarsening in one.
const CELLS: Partial<Record<Precision, number>> = { street: 200, locality: 10, region: 2 }

/** Kilometres from the middle of a coarse place's cell to its corners, so that nobody takes the point for a doorstep. */
export const CELL_RADIUS_KM: Partial<Record<Precision, number>> = { street: 0.4, locality: 8, region: 40 }

/**
 * What others may see of a place: nothing finer than its own precision, nor than `coarsest`. Coordinates become the centre of a fixed
 * cell (0.005, 0.1 or 0.5 degrees), never a random point nearby: noise could be averaged away. Showing a shown place changes nothing.
 */
export function publicPlace(place: Place, coarsest: Precision = 'exact'): Place {
  const precision = coarserOf(place.precision, coarsest)
  const shows = (detail: Precision) => PRECISIONS.indexOf(precision) <= PRECISIONS.indexOf(detail)
  const { country, region, locality, street } = place
  return {
    precision,
    ...(country !== undefined && shows('country') ? { country } : {}),
    ...(region !== undefined && shows('region') ? { region } : {}),
    ...(locality !== undefined && shows('locality') ? { locality } : {}),
    ...(street !== undefined && shows('street') ? { street } : {}),
    ...coarsened(place, precision),
  }
}

export function coarserOf(one: Precision, other: Precision): Precision {
  return PRECISIONS.indexOf(one) > PRECISIONS.indexOf(other) ? one : other
}

function coarsened({ latitude, longitude }: Place, precision: Precision): Pick<Place, 'latitude' | 'longitude'> {
  if (latitude === undefined || longitude === undefined) return {}
  if (precision === 'exact') return { latitude, longitude }
  const cells = CELLS[precision]
  if (!cells) return {}
  // The north pole belongs to the northernmost cell. 180 degrees east and west are one meridian, so they share a cell.
  const row = Math.min(cellOf(latitude, cells), 90 * cells - 1)
  const column = cellOf(longitude, cells)
  return { latitude: centre(row, cells), longitude: centre(column === 180 * cells ? -180 * cells : column, cells) }
}

// In whole millionths of a degree, because 4.35 * 200 is a little less than 870.
function cellOf(degrees: number, cells: number): number {
  return Math.floor(Math.round(degrees * 1e6) / (1e6 / cells))
}

function centre(cell: number, cells: number): number {
  return Math.round(((cell + 0.5) / cells) * 1e4) / 1e4
}
