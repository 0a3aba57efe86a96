import { offerFirst } from './actions/steward.ts'
import { buildApp } from './app.ts'
import type { Config } from './config.ts'
import type { Context } from './context.ts'
import { localCommunity } from './db/community.ts'
import { rebuildSearch, searchIndexIsCurrent } from './db/directory.ts'
import { transact } from './db/open.ts'
import { warmSearch } from './db/search/warm.ts'
import { holdServingLock } from './db/serving-lock.ts'
import { hasStewards } from './db/steward.ts'
import { markdownToHtml } from './lib/markdown.ts'
import { readThrough } from './lib/read-through.ts'
import { createLog, openNode } from './node.ts'

const LONGEST_STOP_MS = 25_000
// Late enough not to stand in the way of a visitor who is there already.
const WARM_UP_AFTER_MS = 1_000

/** Runs the node until it is told to stop. @throws when it can't start, with a sentence for the person who started it */
export async function serve(config: Config): Promise<void> {
  const log = createLog(config)
  // Before the database is opened: a second server, of a newer version, would change its form under the first.
  const release = holdServingLock(config.dataDir)
  const ctx = openNode(config, log)
  if (!searchIndexIsCurrent(ctx.db)) transact(ctx.db, rebuildSearch)
  const app = buildApp(ctx)
  // A copy: Fastify writes into what it is given, and the configuration is also sent to threads.
  await app.server.listen({ ...config.listen })
  app.start()
  const warming = setTimeout(warmUp, WARM_UP_AFTER_MS, ctx)
  log.info(`Archipelago is at ${config.publicUrl} (listening on ${config.listen.host}, port ${config.listen.port})`)
  if (!hasStewards(ctx.db)) tellFirstLink(ctx)
  if (!localCommunity(ctx.db)) log.info('There is no community here yet. Found it in a browser, or with: npx archipelago setup')

  let stopping = false
  const stop = async (signal: string) => {
    // A terminal and npm each pass Ctrl-C on: once is enough.
    if (stopping) return
    stopping = true
    clearTimeout(warming)
    log.info(`${signal}: finishing what is under way`)
    setTimeout(() => {
      log.error({ pending: process.getActiveResourcesInfo() }, 'not everything could be finished in time')
      process.exit(1)
    }, LONGEST_STOP_MS).unref()
    await app.stop()
    ctx.db.$client.close()
    release()
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(signal))
}

/** Whoever reads the log or the terminal of a node nobody looks after may become its first steward. The link is another one at each start. */
function tellFirstLink(ctx: Context): void {
  const { token, expiresAt } = offerFirst(ctx)
  const words = `Nobody looks after this node yet. Become its steward, until ${expiresAt.toISOString().slice(0, 10)}: ${ctx.config.publicUrl}/join/${token}`
  ctx.log.info(words)
  if (process.stderr.isTTY) process.stderr.write(`\n${words}\n\n`)
}

// What is loaded when it is first needed, so that no visitor waits for it. In small steps: those who are here already come first.
function warmUp({ db, log }: Context): void {
  markdownToHtml('')
  const steps = warmSearch(db)
  const { name, memory } = db.$client
  const next = () => {
    if (!db.$client.open) return
    if (!steps.next().done) setTimeout(next, 5).unref()
    else if (!memory)
      readThrough(name, () => db.$client.open).catch(error => log.warn({ err: error }, 'the database could not be read ahead'))
  }
  next()
}
