/** Where our own terms live. FEDERATION.md says what each means. */
export const ARCHIPELAGO = 'https://w3id.org/archipelago#'
export const PUBLIC = 'https://www.w3.org/ns/activitystreams#Public'
export const ACTIVITY_JSON = 'application/activity+json'
export const ACCEPT_ACTIVITY = 'application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams"'

/**
 * The @context of every document we send. Terms are defined inline, so nobody has to fetch anything to read them.
 * The charter is a JSON literal (JSON-LD 1.1 section 4.2.2): it arrives exactly as it was sent.
 */
export const CONTEXT: readonly unknown[] = [
  'https://www.w3.org/ns/activitystreams',
  'https://w3id.org/security/v1',
  {
    toot: 'http://joinmastodon.org/ns#',
    // Mastodon's historic spelling of schema.org; servers compare it as it stands.
    schema: 'http://schema.org#',
    vcard: 'http://www.w3.org/2006/vcard/ns#',
    archipelago: ARCHIPELAGO,
    security: 'https://w3id.org/security#',
    manuallyApprovesFollowers: 'as:manuallyApprovesFollowers',
    movedTo: { '@id': 'as:movedTo', '@type': '@id' },
    alsoKnownAs: { '@id': 'as:alsoKnownAs', '@type': '@id' },
    sensitive: 'as:sensitive',
    Hashtag: 'as:Hashtag',
    votersCount: 'toot:votersCount',
    blurhash: 'toot:blurhash',
    focalPoint: { '@id': 'toot:focalPoint', '@container': '@list' },
    discoverable: 'toot:discoverable',
    indexable: 'toot:indexable',
    featured: { '@id': 'toot:featured', '@type': '@id' },
    featuredTags: { '@id': 'toot:featuredTags', '@type': '@id' },
    PropertyValue: 'schema:PropertyValue',
    value: 'schema:value',
    PostalAddress: 'schema:PostalAddress',
    address: 'schema:address',
    addressCountry: 'schema:addressCountry',
    addressRegion: 'schema:addressRegion',
    addressLocality: 'schema:addressLocality',
    streetAddress: 'schema:streetAddress',
    foundingDate: 'schema:foundingDate',
    dissolutionDate: 'schema:dissolutionDate',
    knowsLanguage: 'schema:knowsLanguage',
    Multikey: 'security:Multikey',
    assertionMethod: { '@id': 'security:assertionMethod', '@type': '@id', '@container': '@set' },
    controller: { '@id': 'security:controller', '@type': '@id' },
    publicKeyMultibase: { '@id': 'security:publicKeyMultibase', '@type': 'security:multibase' },
    webfinger: { '@id': 'https://purl.archive.org/socialweb/webfinger#webfinger', '@type': 'http://www.w3.org/2001/XMLSchema#string' },
    implements: { '@id': 'https://w3id.org/fep/844e/implements', '@type': '@id', '@container': '@set' },
    search: { '@id': 'https://w3id.org/fep/f011#search', '@type': '@id' },
    gts: 'https://gotosocial.org/ns#',
    interactionPolicy: { '@id': 'gts:interactionPolicy', '@type': '@id' },
    canQuote: { '@id': 'gts:canQuote', '@type': '@id' },
    automaticApproval: { '@id': 'gts:automaticApproval', '@type': '@id' },
    QuoteRequest: 'https://w3id.org/fep/044f#QuoteRequest',
    QuoteAuthorization: 'https://w3id.org/fep/044f#QuoteAuthorization',
    interactingObject: { '@id': 'gts:interactingObject', '@type': '@id' },
    interactionTarget: { '@id': 'gts:interactionTarget', '@type': '@id' },
    charter: { '@id': 'archipelago:charter', '@type': '@json' },
    entry: { '@id': 'archipelago:entry', '@type': '@json' },
  },
]

/** The @context of a document that carries a proof (FEP-8b32): the proof covers it, so it must name the terms of proofs itself. */
export const PROOF_CONTEXT: readonly unknown[] = [
  ...CONTEXT.slice(0, 2),
  'https://w3id.org/security/data-integrity/v1',
  ...CONTEXT.slice(2),
]
