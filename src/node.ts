import { existsSync } from 'node:fs'
import { type Logger, pino } from 'pino'
import { foundNode } from './actions/node.ts'
import type { Config } from './config.ts'
import type { Context } from './context.ts'
import { openDatabase } from './db/open.ts'
import { setting } from './db/setting.ts'
import { createFetcher } from './federation/fetch.ts'

/**
 * The configuration of a command: where the address is not given, the one the data belong to.
 * The server does not guess: it would answer at another address than its ids say.
 */
export function withKnownAddress(config: Config): Config {
  if (config.addressGiven || !existsSync(config.database)) return config
  const db = openDatabase(config.database)
  const known = setting(db, 'publicUrl')
  db.$client.close()
  return known ? { ...config, publicUrl: known, host: new URL(known).host } : config
}

/** Opens the node that the configuration describes: what the server and every command start with. */
export function openNode(config: Config, log: Context['log']): Context {
  const db = openDatabase(config.database)
  const fetch = createFetcher({
    userAgent: `Archipelago/${config.version} (+${config.publicUrl}/)`,
    allowPrivate: config.allowPrivateAddresses,
  })
  const ctx: Context = { config, db, now: () => new Date(), fetch, log }
  foundNode(ctx)
  return ctx
}

export function createLog(config: Config): Logger {
  return pino({ level: config.logLevel })
}
