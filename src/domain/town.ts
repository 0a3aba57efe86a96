import type { Point } from '../lib/geo.ts'
import { countryMeant } from './country.ts'

/** A town of the gazetteer. */
export type Town = Point & {
  name: string
  country: string
  /** Two letters of its state, where its country has such (US, Canada). */
  admin?: string
  population: number
  /** A greater town nearby, by which villages of one name can be told apart. */
  near?: string
}

/** Towns that may be meant by a text, most likely first. */
export type TownsNamed = (name: string) => readonly Town[]

/** So many times greater a town must be than the next of its name to be meant without asking. */
const CLEARLY = 10

/** What somebody typed for a place: a name, and what follows it behind commas (“Paris, TX”, “Lyon, France”). */
export function readTownName(text: string): { name: string; within: string[] } {
  const [name = '', ...within] = text.split(/[,،、]/).map(part => part.trim()).filter(Boolean) // biome-ignore format: one chain
  return { name, within }
}

/**
 * Those that lie where the rest of the text says: in a state by its letters, or in a country by its code or its name in English or in
 * `language`. All, where it says nothing known.
 */
export function townsWithin(towns: readonly Town[], within: readonly string[], language: string): readonly Town[] {
  const names = new Intl.DisplayNames(language, { type: 'region', fallback: 'none' })
  return within.reduce<readonly Town[]>((left, part) => {
    const code = countryMeant(part)
    const there = left.filter(
      ({ country, admin }) => country === code || admin === part.toUpperCase() || names.of(country)?.toLowerCase() === part.toLowerCase(),
    )
    return there.length > 0 ? there : left
  }, towns)
}

/** The one that is meant, where that is clear: the only one, or by far the greatest. */
export function townMeant([first, second]: readonly Town[]): Town | undefined {
  if (!first || !second) return first
  return first.population >= CLEARLY * Math.max(1, second.population) ? first : undefined
}

/** Degrees as an address gives them: to about a kilometre, which is as exactly as a town has a middle. */
export function townPoint({ latitude, longitude }: Point): Point {
  return { latitude: Math.round(latitude * 100) / 100, longitude: Math.round(longitude * 100) / 100 }
}
