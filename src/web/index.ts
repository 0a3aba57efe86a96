import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { aboutRoutes } from './about.ts'
import { assetRoutes, readAssets } from './assets.ts'
import { charterRoutes } from './charter.ts'
import { communityRoutes } from './community.ts'
import { compareRoutes } from './compare.ts'
import { diffRoutes } from './diff.ts'
import { answerErrors } from './errors.ts'
import { acceptForms } from './forms.ts'
import { securityHeaders } from './headers.ts'
import { inquiryRoutes } from './inquiry.ts'
import { intentRoutes } from './intent.ts'
import { chooseLocale } from './locale.ts'
import { mapFileRoutes } from './map/files.ts'
import { mapRoutes } from './map.ts'
import { matchRoutes } from './match.ts'
import { networkRoutes } from './network.ts'
import { pledgeRoutes } from './pledge.ts'
import { postRoutes } from './post.ts'
import { profileRoutes } from './profile/routes.ts'
import { searchRoutes } from './search.ts'
import { siteFor } from './site.ts'

/** The visitors' web: pages rendered here, complete without JavaScript, loading nothing from anywhere else. */
export async function web(app: FastifyInstance, { ctx }: { ctx: Context }): Promise<void> {
  const assets = readAssets()
  const site = siteFor(ctx, assets)
  app.addHook('onRequest', chooseLocale)
  await app.register(helmet, securityHeaders(ctx.config.publicUrl, ctx.config.tiles))
  await app.register(assetRoutes, { assets })
  await acceptForms(app)
  answerErrors(app, site)
  await app.register(mapFileRoutes)
  for (const routes of [
    searchRoutes,
    mapRoutes,
    communityRoutes,
    charterRoutes,
    diffRoutes,
    postRoutes,
    profileRoutes,
    aboutRoutes,
    networkRoutes,
    intentRoutes,
    inquiryRoutes,
    pledgeRoutes,
    compareRoutes,
    matchRoutes,
  ])
    routes(app, { ctx, site })
}
