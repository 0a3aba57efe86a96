import type { Context } from '../context.ts'
import { currentEdition } from '../db/charter.ts'
import { localCommunity } from '../db/community.ts'
import { type Assets, assetUrl } from './assets.ts'

/** What every page shows or needs, whatever it is about. */
export type Site = {
  /** Public origin of the node, such as https://example.org. */
  origin: string
  host: string
  version: string
  /** The community this node is run for. */
  home: { handle: string; name: string } | undefined
  asset: (name: string) => string
}

export function siteOf({ config, db }: Context, assets: Assets): Site {
  const community = localCommunity(db)
  return {
    origin: config.publicUrl,
    host: config.host,
    version: config.version,
    home: community && { handle: community.handle, name: currentEdition(db)?.charter.name ?? community.handle },
    asset: name => assetUrl(assets, name),
  }
}
