import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import type { FindFollowPlace } from '../domain/follow-template.ts'
import type { NetworkSearch } from '../domain/network-search.ts'
import { aboutRoutes } from './about.ts'
import type { StewardRoute } from './admin/gate.ts'
import { stewardWeb } from './admin/index.ts'
import type { Machine } from './admin/machine.ts'
import { createPasswordCheck } from './admin/password-check.ts'
import type { Reach } from './admin/reach.ts'
import { assetRoutes, readAssets } from './assets.ts'
import { authorizeRoutes } from './authorize.ts'
import { charterRoutes } from './charter.ts'
import { communityRoutes } from './community.ts'
import { compareRoutes } from './compare.ts'
import { designRoutes } from './design.ts'
import { diffRoutes } from './diff.ts'
import { showEnded } from './ended.ts'
import { answerErrors } from './errors.ts'
import { followRoutes } from './follow.ts'
import { acceptForms } from './forms.ts'
import { securityHeaders } from './headers.ts'
import { inquiryRoutes } from './inquiry.ts'
import { intentRoutes } from './intent.ts'
import { chooseLocale } from './locale.ts'
import { mapFileRoutes } from './map/files.ts'
import { mapRoutes } from './map.ts'
import { matchRoutes } from './match.ts'
import { mediaRoutes } from './media.ts'
import { networkRoutes } from './network.ts'
import { pledgeRoutes } from './pledge.ts'
import { policyRoutes } from './policy.ts'
import { postRoutes } from './post.ts'
import { profileRoutes } from './profile/routes.ts'
import { searchRoutes } from './search.ts'
import { createSessions, readCookies } from './session.ts'
import { siteFor } from './site.ts'

type Given = {
  ctx: Context
  stewardRoutes: StewardRoute[]
  reach: Reach
  machine: Machine
  network: NetworkSearch
  findFollowPlace: FindFollowPlace
}

/** The visitors' web: pages rendered here, complete without JavaScript, loading nothing from anywhere else. */
export async function web(app: FastifyInstance, { ctx, stewardRoutes, reach, machine, network, findFollowPlace }: Given): Promise<void> {
  const assets = readAssets()
  const sessions = createSessions(ctx)
  const site = siteFor(ctx, assets, sessions)
  const edge = { ctx, site, sessions }
  app.addHook('onRequest', chooseLocale)
  showEnded(app, ctx, site)
  await app.register(helmet, securityHeaders(ctx.config.publicUrl, ctx.config.tiles))
  await app.register(assetRoutes, { assets })
  await acceptForms(app)
  await readCookies(app)
  answerErrors(app, site)
  await app.register(mapFileRoutes)
  for (const routes of [
    mapRoutes,
    communityRoutes,
    charterRoutes,
    diffRoutes,
    postRoutes,
    mediaRoutes,
    authorizeRoutes,
    profileRoutes,
    aboutRoutes,
    networkRoutes,
    policyRoutes,
    intentRoutes,
    inquiryRoutes,
    pledgeRoutes,
    compareRoutes,
    matchRoutes,
    designRoutes,
  ])
    routes(app, edge)
  searchRoutes(app, { ...edge, network })
  followRoutes(app, { ...edge, findFollowPlace })
  await stewardWeb(app, { ...edge, routes: stewardRoutes, check: createPasswordCheck(ctx), reach, machine })
}
