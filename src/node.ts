import { existsSync } from 'node:fs'
import { type DestinationStream, type Logger, pino } from 'pino'
import { foundNode } from './actions/node.ts'
import type { Config } from './config.ts'
import type { Context } from './context.ts'
import { openDatabase } from './db/open.ts'
import { setting } from './db/setting.ts'
import type { Fetcher, FetcherOptions } from './federation/fetch.ts'

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

/**
 * A log without secrets. Of an error only what happened and where is written: errors carry requests, and requests carry keys.
 * @param stream where to, if not to standard output
 */
export function createLog(config: Config, stream?: DestinationStream): Logger {
  // No wildcards among the paths: they would make a line cost a hundred microseconds.
  const redact = {
    paths: ['headers', 'request.headers', 'req.headers', 'privateKey', 'key.privateKey', 'config.metricsToken'],
    censor: '(not logged)',
  }
  const options = { level: config.logLevel, redact, serializers: { err: errorForLog } }
  return stream ? pino(options, stream) : pino(options)
}

function errorForLog(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) }
  const { name, message, stack, code, cause } = error as Error & { code?: unknown }
  return {
    type: name,
    message,
    stack,
    ...(typeof code === 'string' ? { code } : {}),
    ...(cause instanceof Error ? { cause: errorForLog(cause) } : {}),
  }
}
