import activitystreams from './activitystreams.json' with { type: 'json' }
import cid from './cid-v1.json' with { type: 'json' }
import dataIntegrity1 from './data-integrity-v1.json' with { type: 'json' }
import dataIntegrity2 from './data-integrity-v2.json' with { type: 'json' }
import did from './did-v1.json' with { type: 'json' }
import fep5711 from './fep-5711.json' with { type: 'json' }
import fepEf61 from './fep-ef61.json' with { type: 'json' }
import gotosocial from './gotosocial.json' with { type: 'json' }
import lemmy from './lemmy.json' with { type: 'json' }
import litepub from './litepub.json' with { type: 'json' }
import mastodon from './mastodon.json' with { type: 'json' }
import miscellany from './miscellany.json' with { type: 'json' }
import multikey from './multikey-v1.json' with { type: 'json' }
import schemaOrg from './schema-org.json' with { type: 'json' }
import security from './security-v1.json' with { type: 'json' }
import webfinger from './webfinger.json' with { type: 'json' }

// Two are not what stands at their address. schema.org's context gives `actor`, `object`, `target` and `name`, and identity/v1 gives
// `Person` and `Organization`, other meanings than ActivityStreams: a document that lists one would mean something else than it reads.
// Ours have schema.org's prefix, and what identity/v1 says about keys.
const BUNDLED = new Map<string, object>([
  ['www.w3.org/ns/activitystreams', activitystreams],
  ['www.w3.org/ns/activitystreams.jsonld', activitystreams],
  ['www.w3.org/ns/cid/v1', cid],
  ['www.w3.org/ns/did/v1', did],
  ['w3id.org/security/v1', security],
  ['w3id.org/security/data-integrity/v1', dataIntegrity1],
  ['w3id.org/security/data-integrity/v2', dataIntegrity2],
  ['w3id.org/security/multikey/v1', multikey],
  ['w3id.org/identity/v1', security],
  ['w3id.org/fep/5711', fep5711],
  ['w3id.org/fep/ef61', fepEf61],
  ['purl.archive.org/socialweb/webfinger', webfinger],
  ['purl.archive.org/miscellany', miscellany],
  ['joinmastodon.org/ns', mastodon],
  ['join-lemmy.org/context.json', lemmy],
  ['gotosocial.org/ns', gotosocial],
  ['schema.org', schemaOrg],
])

/**
 * The JSON-LD context document that stands at an address; nothing is ever fetched. http and https are the same here, and so is an
 * address with a fragment or a final slash. Every Pleroma and Akkoma server serves its own copy of the litepub context: ours stands for all.
 * @returns undefined for one we don't have
 */
export function bundledContext(url: string): object | undefined {
  const key = url
    .replace(/^https?:\/\//, '')
    .replace(/#.*$/s, '')
    .replace(/\/$/, '')
  return BUNDLED.get(key) ?? (/^[^/]+\/schemas\/litepub-0\.1\.jsonld$/.test(key) ? litepub : undefined)
}

/** The addresses of all bundled contexts, in their https spelling. */
export function bundledAddresses(): string[] {
  return [...BUNDLED.keys()].map(key => `https://${key}`)
}
