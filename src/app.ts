import etag from '@fastify/etag'
import Fastify, { type FastifyInstance, LogController } from 'fastify'
import { eraseAfterEnd } from './actions/end.ts'
import { forgetInquiries } from './actions/inquiry.ts'
import { tidyMedia } from './actions/media.ts'
import { noticeClosedPolls } from './actions/notice.ts'
import { wordIsNothing } from './actions/peer.ts'
import { forgetPledges } from './actions/pledge.ts'
import { indexPosts } from './actions/post-words.ts'
import { tallyQuestions } from './actions/question.ts'
import { keepPolicy } from './actions/theme-policy.ts'
import { weighVouches } from './actions/vouch.ts'
import type { Context } from './context.ts'
import { forgetHosts } from './db/delivery.ts'
import { transact } from './db/open.ts'
import { pullForward, queuedAhead } from './db/schedule.ts'
import { Refusal } from './domain/refusal.ts'
import { createDelivery } from './federation/delivery.ts'
import { publishEntry } from './federation/entry.ts'
import { checkEntries, keepEntries } from './federation/entry-origin.ts'
import { runErrands } from './federation/errand.ts'
import { createExchange, type Exchange } from './federation/exchange/exchange.ts'
import { findNode } from './federation/exchange/node-actor.ts'
import { exchangeRoutes } from './federation/exchange-route.ts'
import { createFederation, type Federation } from './federation/federation.ts'
import { createFollowPlaces } from './federation/follow-place.ts'
import { federationRoutes } from './federation/index.ts'
import { lookUp } from './federation/lookup.ts'
import { lookUpPost } from './federation/lookup-post.ts'
import { createWorks } from './federation/machine.ts'
import { resolveMentions } from './federation/mention.ts'
import { createNetworkSearch } from './federation/network-search.ts'
import { tellOthers } from './federation/outbox.ts'
import { tellPledgers } from './federation/pledge-news.ts'
import { type Job, startJobs } from './jobs.ts'
import { type ClockWatch, watchClock } from './lib/clock-watch.ts'
import { createCounters } from './lib/counters.ts'
import { type JobReport, watchJobs } from './lib/job-log.ts'
import { representation } from './lib/negotiate.ts'
import { createTroubles } from './lib/troubles.ts'
import type { Reach } from './mastodon/call.ts'
import { mastodonApi } from './mastodon/index.ts'
import { wakeApps } from './mastodon/push-message.ts'
import { publishDue } from './mastodon/scheduled-due.ts'
import { createHub, type Hub } from './mastodon/streaming/hub.ts'
import { streaming } from './mastodon/streaming/routes.ts'
import type { StewardRoute } from './web/admin/gate.ts'
import { directoryApi } from './web/api/index.ts'
import { answerEnded } from './web/ended.ts'
import { sendOn } from './web/errors.ts'
import { healthRoutes } from './web/health.ts'
import { web } from './web/index.ts'
import { pledgeNews } from './web/pledge-news.ts'

const CLOCK_TOLERANCE_MS = 30_000
const SILENT_SERVER_FORGOTTEN_AFTER_MS = 30 * 24 * 3_600_000

export type App = {
  server: FastifyInstance
  federation: Federation
  exchange: Exchange
  /** Every route only stewards may use, and what they must be allowed to do. Complete once the server is ready. */
  stewardRoutes: readonly StewardRoute[]
  /** What apps listen to. */
  streams: Hub
  /** Starts what runs by itself. */
  start(): void
  /** Takes no more requests, finishes what is under way, closes the way out. The database stays open. */
  stop(): Promise<void>
}

/** Puts the node together: one encapsulated plugin for each edge, and the jobs. */
export function buildApp(ctx: Context): App {
  const server = Fastify({
    loggerInstance: ctx.log,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: ctx.config.trustProxy.length > 0 ? [...ctx.config.trustProxy] : false,
    routerOptions: { constraints: { representation }, ignoreTrailingSlash: true, maxParamLength: 300 },
    frameworkErrors: sendOn,
    requestTimeout: 30_000,
    // Node looks every 30 s only, so that headers that never end would be waited for twice as long.
    http: { headersTimeout: 15_000, connectionsCheckingInterval: 2_000 },
    connectionTimeout: 60_000,
    forceCloseConnections: 'idle',
  })
  const counters = createCounters()
  const clock = watchClock(ctx.now)
  const federation = createFederation(ctx, counters)
  const delivery = createDelivery(federation)
  const exchange = createExchange(federation)
  answerEnded(server, ctx)
  server.register(etag, { algorithm: 'sha1' })
  server.register(federationRoutes, { federation })
  server.register(exchangeRoutes, { federation, prefix: '/directory' })
  server.register(healthRoutes, { ctx, counters, clock })
  const network = createNetworkSearch(federation)
  server.register(directoryApi, { ctx, network })
  const stewardRoutes: StewardRoute[] = []
  const apps = reachOf(federation)
  server.register(mastodonApi, { ctx, reach: apps })
  const streams = createHub(ctx)
  server.register(streaming, { ctx, hub: streams })
  // What asks for another protocol elsewhere gets its answer, and no connection that nobody looks after.
  server.addHook('onResponse', ({ raw }, _reply, done) => {
    if ((raw as { upgrade?: boolean }).upgrade === true) raw.socket.destroySoon()
    done()
  })
  const reach = { ...reachOf(federation), node: (address: string) => findNode(federation, address) }
  const troubles = createTroubles(ctx.now)
  server.addHook('onError', (request, _reply, error, done) => {
    const strange = !(error instanceof Refusal) && (error.statusCode ?? 500) >= 500
    // The pattern, never the address: addresses of private pages are secrets.
    if (strange) troubles.add(`${request.method} ${request.routeOptions.url ?? '*'}`, error)
    done()
  })
  const machine = { ...createWorks(federation), startedAt: ctx.now(), troubles, jobs: (): JobReport[] => watched.reports() }
  server.register(web, { ctx, stewardRoutes, reach, machine, network, findFollowPlace: createFollowPlaces(federation) })

  const news = pledgeNews(ctx)
  const jobs: Job[] = [
    {
      name: 'tell others',
      everyMs: 50,
      run() {
        while (tellOthers(federation) > 0);
        delivery.deliverDue()
      },
    },
    { name: 'clock', everyMs: 2_000, run: () => mendClock(ctx, clock) },
    { name: 'forget servers', everyMs: 3_600_000, run: () => forgetServers(ctx) },
    { name: 'own entry', everyMs: 60_000, run: () => void publishEntry(federation) },
    { name: 'entries', everyMs: 60_000, run: () => keepEntries(federation) },
    { name: 'check entries', everyMs: 2_000, run: async () => void (await checkEntries(federation, peer => wordIsNothing(ctx, peer))) },
    { name: 'exchange', everyMs: 1_000, run: () => exchange.round() },
    { name: 'vouches', everyMs: 600_000, run: () => void weighVouches(ctx) },
    { name: 'errands', everyMs: 1_000, run: () => runErrands(federation) },
    { name: 'pledges', everyMs: 10_000, run: () => tellPledgers(federation, news) },
    { name: 'forget inquiries', everyMs: 3_600_000, run: () => forgetPrivate(ctx) },
    { name: 'streams', everyMs: 100, run: () => streams.pump() },
    { name: 'listeners', everyMs: 2_000, run: () => streams.check() },
    { name: 'stream pings', everyMs: 20_000, run: () => streams.ping() },
    { name: 'wake apps', everyMs: 2_000, run: async () => void (await wakeApps(ctx)) },
    { name: 'scheduled posts', everyMs: 5_000, run: () => publishDue(ctx, text => apps.mentions(text)) },
    { name: 'closed polls', everyMs: 20_000, run: () => noticeClosedPolls(ctx) },
    { name: 'post words', everyMs: 250, run: () => void indexPosts(ctx) },
    { name: 'tidy media', everyMs: 3_600_000, run: () => tidyMedia(ctx) },
    { name: 'farewell', everyMs: 60_000, run: () => void eraseAfterEnd(ctx) },
    { name: 'policy', everyMs: 1_000, run: () => keepPolicy(ctx, 20) },
    { name: 'questions', everyMs: 2_000, run: () => void tallyQuestions(ctx) },
  ]
  const watched = watchJobs(jobs, ctx.now)
  let stopJobs = () => Promise.resolve()
  return {
    server,
    federation,
    exchange,
    stewardRoutes,
    streams,
    start() {
      stopJobs = startJobs(watched.jobs, (job, error) => {
        troubles.add(job.name, error)
        ctx.log.error({ err: error, job: job.name }, 'a job failed')
      })
    },
    async stop() {
      // Who was being served when the end came keeps the connection open, and with it the server, for a minute.
      const sweep = setInterval(() => server.server.closeIdleConnections(), 100)
      // Together: a slow request must not let deliveries begin meanwhile.
      await Promise.all([server.close(), stopJobs(), delivery.stop(), exchange.stop()]).finally(() => clearInterval(sweep))
      await ctx.fetch.close()
    },
  }
}

/** What is remembered of servers must not grow for ever; one that is forgotten is simply tried anew. */
export function forgetServers(ctx: Context): void {
  transact(ctx.db, tx => forgetHosts(tx, new Date(ctx.now().getTime() - SILENT_SERVER_FORGOTTEN_AFTER_MS)))
}

/** What apps can have this node ask of others. */
function reachOf(federation: Federation): Reach {
  return {
    actor: what => lookUp(federation, what),
    post: what => lookUpPost(federation, what),
    mentions: async markdown => (await resolveMentions(federation, markdown)).mentioned,
  }
}

/** What strangers told the community in private is kept no longer than it is needed. */
function forgetPrivate(ctx: Context): void {
  forgetInquiries(ctx)
  forgetPledges(ctx)
}

/** When the clock was ahead and is right again, what was put off meanwhile must not wait until then. */
function mendClock(ctx: Context, clock: ClockWatch): void {
  const moves = clock.moves()
  for (const ms of moves) ctx.log.warn({ reason: 'clock', ms }, 'the clock of this machine was moved')
  const back = moves.reduce((sum, ms) => sum + Math.max(0, -ms), 0)
  const ahead = Math.max(back, queuedAhead(ctx.db, ctx.now()))
  if (ahead > CLOCK_TOLERANCE_MS) transact(ctx.db, tx => pullForward(tx, ctx.now(), ahead))
}
