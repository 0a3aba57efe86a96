import type { FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import { currentEdition } from '../db/charter.ts'
import { localCommunity } from '../db/community.ts'
import { type Assets, assetUrl } from './assets.ts'
import { localeOf } from './locale.ts'
import { createMessages, type Words } from './messages.ts'
import type { Sessions } from './session.ts'

/** What every page shows or needs, whatever it is about. */
export type Site = {
  /** Public origin of the node, such as https://example.org. */
  origin: string
  host: string
  version: string
  /** The community this node is run for. */
  home: { handle: string; name: string } | undefined
  asset: (name: string) => string
  /** Path and query of the page that was asked for. */
  here: string
  words: Words
  /** Whoever looks may be a steward of this node: nobody has asked yet. */
  steward: boolean
}

/** The site as a visitor is to see it: in their language. */
export type SiteFor = (request: FastifyRequest) => Site

export function siteFor({ config, db }: Context, assets: Assets, sessions?: Pick<Sessions, 'mayBe'>): SiteFor {
  const messages = createMessages()
  const made = new WeakMap<FastifyRequest, Site>()
  const make = (request: FastifyRequest): Site => {
    const community = localCommunity(db)
    return {
      origin: config.publicUrl,
      host: config.host,
      version: config.version,
      home: community && { handle: community.handle, name: currentEdition(db)?.charter.name ?? community.handle },
      asset: name => assetUrl(assets, name),
      here: request.url,
      words: messages(localeOf(request)),
      steward: sessions?.mayBe(request) ?? false,
    }
  }
  // A page asks for it several times.
  return request => {
    const site = made.get(request) ?? make(request)
    made.set(request, site)
    return site
  }
}
