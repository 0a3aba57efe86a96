/**
 * What this node implements, said on its actors (FEP-844e) and in FEDERATION.md; a test compares the two. Nothing is listed that is not
 * fully there: others decide by it how they talk to us.
 */
export const CAPABILITIES: readonly { href: string; name: string }[] = [
  { href: 'https://datatracker.ietf.org/doc/html/rfc9421', name: 'RFC-9421: HTTP Message Signatures' },
  {
    href: 'https://datatracker.ietf.org/doc/html/rfc9421#name-eddsa-using-curve-edwards25',
    name: 'RFC-9421 signatures using the Ed25519 algorithm',
  },
  fep('67ff', 'FEDERATION.md'),
  fep('f1d5', 'NodeInfo in Fediverse Software'),
  fep('0151', 'NodeInfo in Fediverse Software (2025 edition)'),
  fep('2677', 'Identifying the Application Actor'),
  fep('d556', 'Server-Level Actor Discovery Using WebFinger'),
  fep('844e', 'Capability discovery'),
  fep('2c59', 'Discovery of a Webfinger address from an ActivityPub actor'),
  fep('8b32', 'Object Integrity Proofs'),
  fep('521a', "Representing actor's public keys"),
  fep('fe34', 'Origin-based security model'),
  fep('5feb', 'Search indexing consent for actors'),
  fep('7628', 'Move actor'),
  fep('8fcf', 'Followers collection synchronization across servers'),
  fep('044f', 'Consent-respecting quote posts'),
  fep('3b86', 'Activity Intents'),
  fep('1985', 'Signaling how an OrderedCollection is ordered'),
  fep('ae0c', 'Fediverse Relay Protocols: Mastodon and LitePub'),
]

function fep(id: string, title: string) {
  return { href: `https://w3id.org/fep/${id}`, name: `FEP-${id}: ${title}` }
}
