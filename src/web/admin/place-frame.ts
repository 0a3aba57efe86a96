import type { Raw } from '../../domain/charter-draft.ts'
import { CELL_RADIUS_KM, Place, publicPlace } from '../../domain/place.ts'
import { countries } from '../map/countries.ts'
import { type Frame, frameOf, type Spot } from '../map/picture.ts'

/** What visitors would see of a place on a map: a spot (a point, or a circle of `km`), a country, or nothing. */
export type ShownPlace = { place: Place | undefined; spot: Spot | undefined; country: string | undefined; frame: Frame }

/** @param raw the place as it stands in the form; what is wrong in it is left out */
export function shownPlace(raw: Raw): ShownPlace {
  const place = placeIn(raw)
  const shown = place && publicPlace(place)
  const { latitude, longitude, precision, country } = shown ?? {}
  const spot =
    latitude !== undefined && longitude !== undefined
      ? { latitude, longitude, km: CELL_RADIUS_KM[precision!] ?? 0, name: '', path: '' }
      : undefined
  const code = !spot && country && countries().has(country) ? country : undefined
  const areas = code ? [{ code, count: 1, only: undefined }] : []
  return { place: shown, spot, country: code, frame: frameOf({ spots: spot ? [spot] : [], areas, unplaced: 0, drawn: 1 }, {}) }
}

function placeIn(raw: Raw): Place | undefined {
  const text = (key: string) => (typeof raw[key] === 'string' && raw[key].trim() !== '' ? raw[key].trim() : undefined)
  const point = { latitude: Number(text('latitude')), longitude: Number(text('longitude')) }
  const fields = {
    ...Object.fromEntries(['precision', 'country', 'region', 'locality', 'street'].flatMap(key => (text(key) ? [[key, text(key)]] : []))),
    ...(text('latitude') && text('longitude') ? point : {}),
  }
  const whole = Place.safeParse(fields)
  if (whole.success) return whole.data
  const { precision = 'hidden' } = fields as { precision?: string }
  return Place.safeParse({ precision }).data
}
