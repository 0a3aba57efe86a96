import type { Charter } from '../../domain/charter.ts'
import { address, type DirectoryEntry } from '../../domain/directory.ts'
import { type Attachment, mediaUrl } from '../../domain/media.ts'
import { CELL_RADIUS_KM } from '../../domain/place.ts'
import { safeUrl } from '../../lib/sanitise.ts'
import { shortened } from '../../lib/text.ts'
import { charterWords } from '../charter-words.ts'
import { communityPath } from '../community-path.ts'
import type { Words } from '../messages.ts'

/**
 * A community in the words of schema.org: a page about an organisation, and the place it lets be known.
 * @param origin of this node @param avatar what the page shows as its face
 */
export function communityData(words: Words, origin: string, entry: DirectoryEntry, avatar?: Attachment): object {
  const { actor, charter, publishedAt } = entry
  const { labels } = charterWords(words)
  const page = `${origin}${communityPath(entry)}`
  const site = charter.website === undefined ? undefined : safeUrl(charter.website)?.href
  const began = charter.startedLivingTogether ?? charter.startedPlanning
  return {
    '@context': 'https://schema.org',
    '@type': 'ProfilePage',
    '@id': page,
    url: page,
    inLanguage: words.locale,
    dateModified: publishedAt.toISOString(),
    mainEntity: given({
      '@type': 'Organization',
      '@id': actor,
      name: shortened(charter.name, 120),
      description: shortened(charter.summary, 500),
      url: site ?? safeUrl(entry.url)?.href,
      sameAs: [entry.url, actor].flatMap(text => safeUrl(text)?.href ?? []).filter((url, place, all) => all.indexOf(url) === place),
      alternateName: address(entry),
      image: `${page}/card.png`,
      logo: avatar?.file ? mediaUrl(origin, avatar.file) : undefined,
      foundingDate: yearOf(began),
      dissolutionDate: yearOf(charter.status === 'disbanded' ? charter.disbanded : undefined),
      keywords: [labels('theme', charter.themes), labels('kind', charter.kind)].filter(Boolean).join(', '),
      knowsLanguage: charter.languages.length > 0 ? charter.languages : undefined,
      location: placeData(charter),
      memberOf: charter.affiliations
        ?.filter(({ rel }) => rel === 'member' || rel === 'part')
        .map(({ name, url }) => given({ '@type': 'Organization', name: shortened(name, 100), url: url && safeUrl(url)?.href })),
      publishingPrinciples: `${page}#charter`,
    }),
  }
}

// An area has a circle around it, not a point that could be taken for a door.
function placeData({ place }: Charter): object | undefined {
  if (!place) return undefined
  const { country, region, locality, street, latitude, longitude, precision } = place
  const point = latitude === undefined ? undefined : { '@type': 'GeoCoordinates', latitude, longitude }
  const radius = CELL_RADIUS_KM[precision]
  const area = point && radius !== undefined && { '@type': 'GeoCircle', geoMidpoint: point, geoRadius: `${radius * 1000} m` }
  const parts = given({ addressCountry: country, addressRegion: region, addressLocality: locality, streetAddress: street })
  const address = Object.keys(parts).length > 0 ? { '@type': 'PostalAddress', ...parts } : undefined
  const geo = precision === 'hidden' ? undefined : area || point
  return address || geo ? given({ '@type': 'Place', address, geo }) : undefined
}

function yearOf(year: number | undefined): string | undefined {
  // ISO 8601 counts the year before the first as nought; schema.org has no years of fewer than four digits.
  if (year === undefined || year < 1) return undefined
  return String(year).padStart(4, '0')
}

function given(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0)),
  )
}
