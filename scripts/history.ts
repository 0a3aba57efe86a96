import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Charter, readCharter } from '../src/domain/charter.ts'

/** One record of examples/history.json: a dissolved community, described from general knowledge. */
export type HistoricCommunity = {
  name: string
  country: string
  countryCode: string
  place: string
  lat: number
  lon: number
  founded: number
  dissolved: number
  kind: string
  themes: string[]
  description: string
  website: string | null
}

/** The communities of examples/history.json. */
export function historicCommunities(): HistoricCommunity[] {
  const { communities }: { communities: HistoricCommunity[] } = JSON.parse(readFileSync(historyFile(), 'utf8'))
  return communities
}

/**
 * A charter that says of itself that it is history.
 * @throws Refusal 'invalid' where the record does not make a valid charter
 */
export function charterOfHistory(community: HistoricCommunity): Charter {
  const { name, description, kind, themes, founded, dissolved, website } = community
  const years = founded === dissolved ? `${founded}` : `${founded}–${dissolved}`
  return readCharter(
    {
      name,
      summary: `History (${years}): ${description}`,
      kind: [kind],
      theme: themes[0],
      themes,
      status: 'disbanded',
      startedLivingTogether: founded,
      disbanded: dissolved,
      openToMembers: 'no',
      openToVisitors: 'no',
      openToVolunteers: 'no',
      place: placeOf(community),
      agreements: [{ title: 'What this page is', text: `${ABOUT} ${name} existed from ${founded} to ${dissolved}.` }],
      ...(website ? { website: `https://${website}` } : {}),
    },
    `The charter of ${name}`,
  )
}

const ABOUT =
  'This is history: a community that no longer exists, described from general knowledge to fill a directory for a demonstration. ' +
  'Nobody who lived there wrote this.'

// "Sipson, London, England" is a locality and a region of several words. A country that only claims the place is not named.
function placeOf({ place, country, countryCode, lat, lon }: HistoricCommunity): Record<string, unknown> {
  const [locality, ...region] = place.split(', ')
  return {
    precision: 'locality',
    ...(country.endsWith('(claimed)') ? {} : { country: countryCode }),
    ...(region.length ? { region: region.join(', ') } : {}),
    locality,
    latitude: lat,
    longitude: lon,
  }
}

// The same folder from scripts/ (under a test runner) and from dist/scripts/ (as built).
function historyFile(): string {
  for (const up of ['../examples/history.json', '../../examples/history.json']) {
    const file = fileURLToPath(new URL(up, import.meta.url))
    if (existsSync(file)) return file
  }
  throw new Error('examples/history.json is missing.')
}
