import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { aboutRoutes } from './about.ts'
import { assetRoutes, readAssets } from './assets.ts'
import { charterRoutes } from './charter.ts'
import { communityRoutes } from './community.ts'
import { answerErrors } from './errors.ts'
import { securityHeaders } from './headers.ts'
import { intentRoutes } from './intent.ts'
import { chooseLocale } from './locale.ts'
import { networkRoutes } from './network.ts'
import { postRoutes } from './post.ts'
import { searchRoutes } from './search.ts'
import { siteFor } from './site.ts'

/** The visitors' web: pages rendered here, complete without JavaScript, loading nothing from anywhere else. */
export async function web(app: FastifyInstance, { ctx }: { ctx: Context }): Promise<void> {
  const assets = readAssets()
  const site = siteFor(ctx, assets)
  app.addHook('onRequest', chooseLocale)
  await app.register(helmet, securityHeaders(ctx.config.publicUrl))
  await app.register(assetRoutes, { assets })
  answerErrors(app, site)
  for (const routes of [searchRoutes, communityRoutes, charterRoutes, postRoutes, aboutRoutes, networkRoutes, intentRoutes])
    routes(app, { ctx, site })
}
