import { townAt, townsNamed } from '../db/gazetteer.ts'
import { type Town, townMeant, townPoint } from '../domain/town.ts'
import type { Point } from '../lib/geo.ts'
import type { Words } from './messages.ts'

/** What to call a point: the town it lies in, or its degrees. */
export function placeName({ locale, number }: Words, point: Point): string {
  return townAt(point, locale) ?? `${number(point.latitude)}, ${number(point.longitude)}`
}

/** A point as it stands in a field: as the town whose name leads back to it, or as its degrees. */
export function placeText({ locale }: Words, { latitude, longitude }: Point): string {
  const name = townAt({ latitude, longitude }, locale)
  const town = name === undefined ? undefined : townMeant(townsNamed(name, locale))
  const same = town && townPoint(town).latitude === latitude && townPoint(town).longitude === longitude
  return name !== undefined && same ? name : `${latitude}, ${longitude}`
}

/** A point as an address has it. */
export function pointParameter({ latitude, longitude }: Point): string {
  return `${latitude},${longitude}`
}

/** “Springfield, IL, United States”. */
export function townWords({ t, nameOf }: Words, { name, admin, country }: Town): string {
  const state = admin ? t('search.town', { name, country: admin }) : name
  return t('search.town', { name: state, country: nameOf('region', country) ?? country })
}
