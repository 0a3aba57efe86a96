import type { FastifyBaseLogger } from 'fastify'
import type { Config } from './config.ts'
import type { Connection } from './db/open.ts'
import type { Fetcher } from './federation/fetch.ts'

/** Everything a request, a job or a command may reach. Built once by the process or the test, passed by hand. */
export type Context = {
  config: Config
  db: Connection
  now: () => Date
  /** The only way out of the process. */
  fetch: Fetcher
  log: FastifyBaseLogger
}
