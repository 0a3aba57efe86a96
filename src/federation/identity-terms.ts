// The terms by which a document says who did what to whom, and with which key. Whatever reads a document, as plain JSON or as
// JSON-LD, must find the same under them.

const AS = 'https://www.w3.org/ns/activitystreams#'
const LDP = 'http://www.w3.org/ns/ldp#'
const SEC = 'https://w3id.org/security#'

const REFERENCES = words(
  'actor object target origin result instrument attributedTo to cc bto bcc audience inReplyTo items first last next prev current',
  'partOf outbox followers following liked endpoints sharedInbox',
)
const VALUES = words('preferredUsername alsoKnownAs movedTo')
const TYPES = words(
  'Accept Add Announce Block Create Delete Flag Follow Like Move Offer Reject Remove Undo Update',
  'Application Group Organization Person Service Note Article Tombstone Collection CollectionPage OrderedCollection OrderedCollectionPage',
)
const KEYS = words(
  'publicKey owner controller assertionMethod verificationMethod',
  'publicKeyPem publicKeyMultibase proof proofValue proofPurpose cryptosuite signature signatureValue',
)

const PREFIXES = new Map([
  ['as', AS],
  ['ldp', LDP],
  ['sec', SEC],
])

const IRIS = new Map([
  ['id', '@id'],
  ['type', '@type'],
  ['inbox', `${LDP}inbox`],
  ['orderedItems', `${AS}items`],
  ...[...REFERENCES, ...VALUES, ...TYPES].map((term): [string, string] => [term, AS + term]),
  ...KEYS.map((term): [string, string] => [term, SEC + term]),
])
const PROTECTED = new Set(IRIS.values())
const MUST_BE_IDS = new Set(['inbox', 'orderedItems', ...REFERENCES])

// Second names that are in use, where a second name decides nothing.
const KNOWN_ALIASES = new Map([['movedToUri', `${AS}movedTo`]])

/** What an identity term (or one of the prefixes `as`, `ldp`, `sec`) stands for; undefined for every other term. */
export function plainIri(term: string): string | undefined {
  return IRIS.get(term) ?? PREFIXES.get(term)
}

/** Whether an address stands for an identity term, so that no other term (but a known alias) may have it. */
export function isProtected(iri: string | undefined, term?: string): boolean {
  return iri !== undefined && PROTECTED.has(iri) && !(term !== undefined && KNOWN_ALIASES.get(term) === iri)
}

/** Whether words put behind this address could become an identity term. */
export function isProtectedNamespace(vocabulary: string): boolean {
  return [AS, LDP, SEC].some(namespace => namespace.startsWith(vocabulary) || vocabulary.startsWith(namespace))
}

/** Whether a definition of an identity term says what ActivityStreams says already; many servers repeat it. */
export function isIdentityDefinition(term: string, iri: string | undefined, type: unknown, container: string[]): boolean {
  const typed = MUST_BE_IDS.has(term) ? type === '@id' : type !== '@json'
  const held = container.every(name => name === '@set' || (name === '@list' && /items$/i.test(term)))
  return iri === plainIri(term) && typed && held
}

function words(...lines: string[]): string[] {
  return lines.flatMap(line => line.split(' '))
}

// How documents compacted under identity/v1 (Fedify embeds such actors) spell what that context has no term for.
const KNOWN_SPELLINGS = new Map(words('assertionMethod controller publicKeyMultibase').map(term => [`sec:${term}`, SEC + term]))

/** Whether a compact key is the usual spelling of the very property it expands to, so that nobody can read it as another. */
export function isKnownSpelling(key: string, iri: string | undefined): boolean {
  return iri !== undefined && KNOWN_SPELLINGS.get(key) === iri
}
