import { townsNamed } from '../db/gazetteer.ts'
import { readPoint } from '../domain/match-answer.ts'
import { type Town, townMeant, townPoint } from '../domain/town.ts'
import type { Words } from './messages.ts'
import { placeText, pointParameter } from './place-name.ts'
import { type Asked, dropped, readSearch, searchPath } from './search-address.ts'

export const NEARBY_KM = [25, 50, 100, 250, 500]
const UNASKED_KM = '100'

/** The place of a search as its form shows it; `towns` where a name was typed that is not clear, and none of them where it is unknown. */
export type PlaceAsked = { typed: string; within: string; towns?: { town: Town; path: string }[] }

/**
 * Reads what was typed for a place. An address knows points alone, so a town leads to the address of its point, and an empty field to
 * the search without it.
 */
export function readPlaceAsked(parameters: Record<string, unknown>, words: Words): { place: PlaceAsked; goTo?: string } {
  const near = parameters.near
  const within = typeof parameters.within === 'string' && Number(parameters.within) > 0 ? parameters.within : UNASKED_KM
  if (typeof near !== 'string') return { place: { typed: '', within } }
  const point = readPoint(near)
  if (point) return { place: { typed: placeText(words, point), within } }
  if (!/\p{L}/u.test(near.trim()) && near.trim() !== '') return { place: { typed: near.slice(0, 100), within } }
  const { asked } = readSearch(withoutPlace(parameters))
  if (near.trim() === '') return { place: { typed: '', within }, goTo: searchPath(dropped(asked)) }
  const towns = townsNamed(near, words.locale)
  const pathTo = (town: Town) => searchPath({ ...dropped(asked, 'bbox'), near: pointParameter(townPoint(town)), within } satisfies Asked)
  const town = townMeant(towns)
  const place = { typed: near.slice(0, 100), within, towns: towns.map(town => ({ town, path: pathTo(town) })) }
  return town ? { place, goTo: pathTo(town) } : { place }
}

/** The same parameters without a place, and without the order that needs one. */
export function withoutPlace({ near: _, within: __, ...parameters }: Record<string, unknown>): Record<string, unknown> {
  if (parameters.sort !== 'distance') return parameters
  const { sort: ___, ...rest } = parameters
  return rest
}
