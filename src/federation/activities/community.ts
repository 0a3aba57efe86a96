import { addressesOf } from '../../actions/move.ts'
import { standingEdition } from '../../db/charter.ts'
import { localCommunity } from '../../db/community.ts'
import { ownFace } from '../../db/media.ts'
import { recordOf } from '../../db/record.ts'
import { type Charter, type Edition, publicCharter } from '../../domain/charter.ts'
import { lastSaidTrue } from '../../domain/charter-confirm.ts'
import { charterFacts } from '../../domain/charter-facts.ts'
import type { Community } from '../../domain/community.ts'
import { charterIri, communityIri, essenceIri, nodeIri } from '../../domain/iri.ts'
import { CELL_RADIUS_KM } from '../../domain/place.ts'
import { label } from '../../domain/vocabulary.ts'
import { escapeHtml } from '../../lib/sanitise.ts'
import { CAPABILITIES } from '../capabilities.ts'
import { CONTEXT, PUBLIC } from '../context.ts'
import type { Federation } from '../federation.ts'
import { exportMultikey } from '../signatures.ts'
import { imageOf } from './media.ts'

/** The community as an actor: an Organization with its charter (FEDERATION.md says what each property is for). */
export function communityActor({ ctx, keyring }: Federation): object | undefined {
  const community = localCommunity(ctx.db)
  const current = standingEdition(ctx.db)
  if (!community || !current) return undefined
  const origin = ctx.config.publicUrl
  const id = communityIri(origin, community.handle)
  const charter = publicCharter(current.charter)
  const { former, successor } = addressesOf(ctx.db)
  const [avatar, header] = [ownFace(ctx.db, 'avatar'), ownFace(ctx.db, 'header')]
  return {
    '@context': CONTEXT,
    ...actorBasics({ ctx, keyring }, id, 'Organization', community.handle),
    name: displayName(community, charter),
    summary: `<p>${escapeHtml(charter.summary)}</p>`,
    followers: `${id}/followers`,
    following: `${id}/following`,
    featured: `${id}/featured`,
    featuredTags: `${id}/tags`,
    manuallyApprovesFollowers: community.approvesFollowers,
    discoverable: community.listed,
    indexable: community.listed,
    published: community.foundedAt.toISOString(),
    updated: lastSaidTrue(current).toISOString(),
    icon: avatar
      ? imageOf(origin, avatar)
      : { type: 'Image', mediaType: 'image/png', url: `${origin}/assets/icon.png`, name: charter.name },
    ...(header ? { image: imageOf(origin, header) } : {}),
    attachment: charterFacts(charter).map(({ name, value, href }) => ({
      type: 'PropertyValue',
      name,
      value: href ? link(href, value) : escapeHtml(value),
    })),
    tag: hashtags(origin, charter),
    generator: { type: 'Application', id: nodeIri(origin), implements: CAPABILITIES },
    ...locationOf(charter),
    ...(charter.startedLivingTogether === undefined ? {} : { foundingDate: year(charter.startedLivingTogether) }),
    ...(charter.disbanded === undefined ? {} : { dissolutionDate: year(charter.disbanded) }),
    ...(charter.languages?.length ? { knowsLanguage: charter.languages } : {}),
    ...(former.length > 0 ? { alsoKnownAs: former } : {}),
    ...(successor ? { movedTo: successor } : {}),
    charter: charterLiteral({ ...current, charter }),
    ...entryLiteral(ctx.db, id),
  }
}

/** The community's signed entry, or the tombstone that ended it, so that one look at its origin confirms both keys and entry. */
function entryLiteral(db: Federation['ctx']['db'], actor: string): object {
  const record = recordOf(db, actor)
  return record?.hash ? { entry: JSON.parse(record.text) as object } : {}
}

/** The node itself: an Application that signs what this node asks of others (FEP-d556, FEP-2677), and says what it is capable of (FEP-844e). */
export function nodeActor(federation: Federation): object {
  const { host, publicUrl } = federation.ctx.config
  const id = nodeIri(publicUrl)
  return {
    '@context': CONTEXT,
    ...actorBasics(federation, id, 'Application', 'node'),
    name: `Archipelago at ${host}`,
    summary:
      '<p>This actor asks other servers for documents on behalf of the community at this address. It posts nothing and can’t be followed.</p>',
    manuallyApprovesFollowers: true,
    discoverable: false,
    indexable: false,
    implements: CAPABILITIES,
  }
}

function actorBasics({ ctx, keyring }: Pick<Federation, 'ctx' | 'keyring'>, id: string, type: string, handle: string) {
  const { publicUrl, host } = ctx.config
  const keys = keyring.publicKeys(id)
  const rsa = keys.find(key => key.algorithm === 'rsa')!
  return {
    id,
    type,
    preferredUsername: handle,
    webfinger: `${handle}@${host}`,
    url: id,
    inbox: `${id}/inbox`,
    outbox: `${id}/outbox`,
    endpoints: { sharedInbox: `${publicUrl}/inbox`, search: `${publicUrl}/search` },
    publicKey: { id: rsa.id, owner: id, publicKeyPem: rsa.pem },
    assertionMethod: keys
      .filter(key => key.algorithm === 'ed25519')
      .map(key => ({ id: key.id, type: 'Multikey', controller: id, publicKeyMultibase: exportMultikey(key.key) })),
  }
}

/** Theme and kind stand in the name unless the steward wants otherwise: without Elasticsearch that is all Mastodon searches. */
export function displayName(community: Pick<Community, 'themeInName'>, charter: Charter): string {
  if (!community.themeInName) return charter.name
  return [charter.name, label('theme', charter.theme), ...charter.kind.slice(0, 1).map(kind => label('kind', kind))].join(' · ')
}

/** What travels as `archipelago:charter`. */
export function charterLiteral({ edition, publishedAt, charter }: Edition): object {
  return { edition, published: publishedAt.toISOString(), ...charter }
}

export function hashtags(origin: string, charter: Charter): { type: 'Hashtag'; name: string; href: string }[] {
  const words = [...charter.themes.map(theme => ['theme', theme] as const), ...charter.kind.map(kind => ['kind', kind] as const)]
  const tags = words
    .filter(([, value]) => value !== 'other')
    .map(([field, value]) => ({ tag: value.replaceAll('_', ''), href: `${origin}/?${field}=${value}` }))
  // Mastodon keeps ten featured tags.
  const all = [{ tag: 'intentionalcommunity', href: `${origin}/` }, ...tags].slice(0, 10)
  return all.map(({ tag, href }) => ({ type: 'Hashtag', name: `#${tag}`, href }))
}

/** The pinned note: the charter in a few lines, where servers that know no charters will show it. */
export function essenceNote(origin: string, handle: string, { edition, publishedAt, charter }: Edition): object {
  const actor = communityIri(origin, handle)
  const facts = charterFacts(charter).filter(fact => !fact.href)
  const full = `${actor}/charter/${edition}`
  const tags = hashtags(origin, charter)
  const content = [
    `<p><strong>${escapeHtml(charter.name)}</strong></p><p>${escapeHtml(charter.summary)}</p>`,
    `<p>${facts.map(fact => `${escapeHtml(fact.name)}: ${escapeHtml(fact.value)}`).join('<br>')}</p>`,
    `<p>The whole charter (edition ${edition}): ${link(full, full)}</p>`,
    `<p>${tags.map(tag => `<a href="${tag.href}" class="mention hashtag" rel="tag">${tag.name}</a>`).join(' ')}</p>`,
  ]
  return {
    id: essenceIri(origin, edition),
    type: 'Note',
    attributedTo: actor,
    content: content.join(''),
    url: full,
    tag: tags,
    published: publishedAt.toISOString(),
    sensitive: false,
    ...publicTo(actor),
  }
}

/** The actor is no more. */
export function deleteActor(id: string, actor: string) {
  return { id, type: 'Delete', actor, ...publicTo(actor), object: actor }
}

/** Addressed to everyone and to the followers. */
export function publicTo(actor: string) {
  return { to: [PUBLIC], cc: [`${actor}/followers`] }
}

export function articleIri(origin: string, edition: number): string {
  return charterIri(origin, edition)
}

function locationOf({ place }: Charter) {
  if (!place || place.precision === 'hidden') return {}
  const { country, region, locality, street, latitude, longitude, precision } = place
  const name = [locality, region, country && label('country', country)].filter(Boolean).join(', ')
  const address = {
    type: 'PostalAddress',
    ...(street ? { streetAddress: street } : {}),
    ...(locality ? { addressLocality: locality } : {}),
    ...(region ? { addressRegion: region } : {}),
    ...(country ? { addressCountry: country } : {}),
  }
  const radius = CELL_RADIUS_KM[precision]
  const around = radius === undefined ? {} : { radius, units: 'km' }
  const point = latitude === undefined || longitude === undefined ? {} : { latitude, longitude, ...around }
  return { location: { type: 'Place', ...(name ? { name } : {}), address, ...point }, ...(name ? { 'vcard:Address': name } : {}) }
}

const year = (value: number) => String(value).padStart(4, '0')
const link = (href: string, text: string) =>
  `<a href="${escapeHtml(href)}" rel="me nofollow noopener noreferrer" translate="no">${escapeHtml(text)}</a>`
