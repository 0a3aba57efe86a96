import { join } from 'node:path'
import Database from 'better-sqlite3'
import { buildApp } from './app.ts'
import type { Config } from './config.ts'
import { localCommunity } from './db/community.ts'
import { rebuildSearch, searchIndexIsCurrent } from './db/directory.ts'
import { transact } from './db/open.ts'
import { Refusal } from './domain/refusal.ts'
import { createLog, openNode } from './node.ts'

const LONGEST_STOP_MS = 25_000

/** Runs the node until it is told to stop. @throws when it can't start, with a sentence for the person who started it */
export async function serve(config: Config): Promise<void> {
  const log = createLog(config)
  const ctx = openNode(config, log)
  const release = onlyServer(config)
  if (!searchIndexIsCurrent(ctx.db)) transact(ctx.db, rebuildSearch)
  const app = buildApp(ctx)
  await app.server.listen(config.listen)
  app.start()
  log.info(`Archipelago is at ${config.publicUrl} (listening on ${config.listen.host}, port ${config.listen.port})`)
  if (!localCommunity(ctx.db)) log.info('There is no community here yet. Found it with: npx archipelago setup')

  const stop = async (signal: string) => {
    log.info(`${signal}: finishing what is under way`)
    setTimeout(() => process.exit(1), LONGEST_STOP_MS).unref()
    await app.stop()
    ctx.db.$client.close()
    release()
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop(signal))
}

// Two servers on one database would send everything twice. The lock is the operating system's: it ends with the process, however that ends.
function onlyServer({ dataDir }: Config): () => void {
  const lock = new Database(join(dataDir, 'serving.lock'), { timeout: 0 })
  try {
    lock.pragma('locking_mode = EXCLUSIVE')
    lock.exec('begin exclusive; create table if not exists held (pid); commit')
    lock.prepare('insert into held values (?)').run(process.pid)
  } catch {
    lock.close()
    throw new Refusal('conflict', `Another server is already running on the data in ${dataDir}. Stop it first, or use another DATA_DIR.`)
  }
  return () => lock.close()
}
