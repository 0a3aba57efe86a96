import { isSuspended } from '../db/block.ts'
import { type FindFollowPlace, fillTemplate } from '../domain/follow-template.ts'
import type { Federation } from './federation.ts'
import { readJrd, webfingerAddress } from './lookup.ts'

// The newer one first; servers that know both mean the same by them.
const RELS = ['https://w3id.org/fep/3b86/Follow', 'http://ostatus.org/schema/1.0/subscribe']
const ASKING = { maxBytes: 65_536, timeoutMs: 6_000, accept: 'application/jrd+json, application/json' }

/** Finds where people of another server follow somebody: FEP-3b86 intents, else the OStatus subscribe template, both of WebFinger. */
export function createFollowPlaces({ ctx }: Federation): FindFollowPlace {
  return async ({ name, host }, actor) => {
    if (isSuspended(ctx.db, host)) return { fault: 'suspended' }
    const response = await ctx.fetch.get(webfingerAddress(ctx.config, name, host), ASKING).catch(() => undefined)
    if (!response) return { fault: 'unreachable' }
    if (response.status === 404 || response.status === 410) return { fault: 'unknown' }
    if (response.status !== 200) return { fault: 'unreachable' }
    const links = readJrd(response.body)
    for (const rel of RELS) {
      const url = fillTemplate(links.find(link => link.rel === rel)?.template ?? '', actor)
      // It must lead to where it was asked for: a server, or another name of the same one, over TLS where that is spoken.
      if (url && (url.startsWith('https:') || ctx.config.allowPrivateAddresses)) return { url }
    }
    return { fault: 'none' }
  }
}
