import { existsSync } from 'node:fs'
import { type Logger, pino } from 'pino'
import { foundNode } from './actions/node.ts'
import type { Config } from './config.ts'
import type { Context } from './context.ts'
import { openDatabase } from './db/open.ts'
import { setting } from './db/setting.ts'
import type { Fetcher, FetcherOptions } from './federation/fetch.ts'

// Nothing logs these on purpose; an error may carry the request it failed with.
const HEADERS = ['authorization', 'cookie', '"set-cookie"', 'signature', '"signature-input"', '"proxy-authorization"']
const SECRETS = ['', '*.', '*.*.'].flatMap(at => [
  ...HEADERS.map(name => `${at}headers${name.startsWith('"') ? '' : '.'}${name.startsWith('"') ? `[${name}]` : name}`),
  `${at}privateKey`,
  `${at}metricsToken`,
])

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

/** The way out of the process, loaded when something is first asked of it: most commands never do. */
function fetcherWhenNeeded(options: FetcherOptions): Fetcher {
  let made: Promise<Fetcher> | undefined
  const fetcher = () => {
    made ??= import('./federation/fetch.ts').then(({ createFetcher }) => createFetcher(options))
    return made
  }
  return {
    get: async (...request) => (await fetcher()).get(...request),
    post: async (...request) => (await fetcher()).post(...request),
    close: async () => (await made)?.close(),
  }
}

/** Opens the node that the configuration describes: what the server and every command start with. */
export function openNode(config: Config, log: Context['log']): Context {
  const db = openDatabase(config.database)
  const fetch = fetcherWhenNeeded({
    userAgent: `Archipelago/${config.version} (+${config.publicUrl}/)`,
    allowPrivate: config.allowPrivateAddresses,
  })
  const ctx: Context = { config, db, now: () => new Date(), fetch, log }
  foundNode(ctx)
  return ctx
}

export function createLog(config: Config): Logger {
  return pino({ level: config.logLevel, redact: { paths: SECRETS, censor: '(not logged)' } })
}
