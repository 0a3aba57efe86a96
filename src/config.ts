import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import ipaddr from 'ipaddr.js'
import { z } from 'zod'

const flag = z
  .enum(['true', 'false'], 'must be true or false')
  .default('false')
  .transform(value => value === 'true')

const port = z.coerce.number('must be a number from 1 to 65535').int().min(1).max(65_535)

const origin = z.string().transform((value, issue) => {
  const url = URL.canParse(value) ? new URL(value) : undefined
  const plain = url && /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search && !url.hash && !url.username && !url.password
  if (plain) return url.origin
  issue.addIssue({ code: 'custom', message: 'must be an address such as https://example.org, without a path' })
  return z.NEVER
})

const proxies = z
  .string()
  .default('')
  .transform(value =>
    value
      .split(',')
      .map(part => part.trim())
      .filter(Boolean),
  )
  .refine(
    parts => parts.every(part => /[.:]/.test(part) && (ipaddr.isValid(part) || ipaddr.isValidCIDR(part))),
    'must be IP addresses or ranges such as 127.0.0.1,10.0.0.0/8; never a number of hops',
  )

const token = z
  .string()
  .default('')
  .refine(value => value === '' || value.length >= 16, 'must have at least 16 characters')

const tiles = z
  .string()
  .default('')
  .refine(
    url => url === '' || (isWebAddress(url.replace(/\{[xyz]\}/g, '0')) && ['{z}', '{x}', '{y}'].every(part => pathOf(url).includes(part))),
    'must be an address such as https://tiles.example/{z}/{x}/{y}.png: one host, and {z}, {x} and {y} behind it',
  )

/** Every environment variable the node reads, and nothing else reads any. docs/configuration.md explains them. */
export const Environment = z.object({
  PUBLIC_URL: origin.optional(),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: port.default(3000),
  DATA_DIR: z.string().min(1).default('./data'),
  ALLOW_PRIVATE_ADDRESSES: flag,
  AUTHORIZED_FETCH: flag,
  TRUST_PROXY: proxies,
  METRICS_TOKEN: token,
  MAP_TILES: tiles,
  MAP_ATTRIBUTION: z.string().max(300, 'must have at most 300 characters').default(''),
  NODE_ENV: z.string().default(''),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
})

export type Config = {
  /** The node's public origin, such as https://example.org: no path, no trailing slash. Every id starts with it. */
  readonly publicUrl: string
  /** False where `publicUrl` is only a guess, because neither PUBLIC_URL nor PORT is set. */
  readonly addressGiven: boolean
  /** Host of `publicUrl`, with its port where there is one: the part of the handle behind the @. */
  readonly host: string
  readonly listen: { readonly host: string; readonly port: number }
  readonly dataDir: string
  readonly database: string
  readonly allowPrivateAddresses: boolean
  /** Whether posts and collections are shown only to servers that sign their requests. */
  readonly authorizedFetch: boolean
  readonly trustProxy: readonly string[]
  /** What a monitor on another machine must know; empty where there is none. */
  readonly metricsToken: string
  /** Where the search map takes its background from, and whose it is; undefined where it draws its own. */
  readonly tiles: { readonly url: string; readonly origin: string; readonly attribution: string } | undefined
  /** Not where the node is run for others: then there are pages for those who work on it. */
  readonly development: boolean
  readonly logLevel: z.infer<typeof Environment>['LOG_LEVEL']
  readonly version: string
}

/**
 * @param env the process environment, or a test's own
 * @throws Error with one line that names every wrong variable
 */
export function readConfig(env: Record<string, string | undefined> = process.env): Config {
  // `FOO=` in an .env file means "not set".
  const given = Object.fromEntries(Object.keys(Environment.shape).flatMap(name => (env[name] ? [[name, env[name]]] : [])))
  const parsed = Environment.safeParse(given)
  if (!parsed.success) throw new Error(parsed.error.issues.map(issue => `${issue.path.join('.')} ${issue.message}`).join('; '))
  const {
    PUBLIC_URL,
    HOST,
    PORT,
    DATA_DIR,
    ALLOW_PRIVATE_ADDRESSES,
    AUTHORIZED_FETCH,
    TRUST_PROXY,
    METRICS_TOKEN,
    MAP_TILES,
    MAP_ATTRIBUTION,
    NODE_ENV,
    LOG_LEVEL,
  } = parsed.data
  const publicUrl = PUBLIC_URL ?? `http://localhost:${PORT}`
  return {
    publicUrl,
    addressGiven: Boolean(given.PUBLIC_URL || given.PORT),
    host: new URL(publicUrl).host,
    listen: { host: HOST, port: PORT },
    dataDir: resolve(DATA_DIR),
    database: join(resolve(DATA_DIR), 'archipelago.sqlite'),
    allowPrivateAddresses: ALLOW_PRIVATE_ADDRESSES,
    authorizedFetch: AUTHORIZED_FETCH,
    trustProxy: TRUST_PROXY,
    metricsToken: METRICS_TOKEN,
    tiles: MAP_TILES ? { url: MAP_TILES, origin: new URL(MAP_TILES).origin, attribution: MAP_ATTRIBUTION } : undefined,
    development: NODE_ENV !== 'production',
    logLevel: LOG_LEVEL,
    version: packageVersion(),
  }
}

function isWebAddress(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return url !== undefined && /^https?:$/.test(url.protocol) && !url.username && !url.password && !/[{}]/.test(text)
}

/** What stands behind the host, as it was written. */
function pathOf(url: string): string {
  return url.replace(/^[a-z]+:\/\/[^/]*/i, '')
}

/** Reads `.env` of the current folder, if there is one. What the environment already says wins. */
export function loadEnvFile(): void {
  try {
    process.loadEnvFile('.env')
  } catch {
    // There is none, and none is needed.
  }
}

function packageVersion(): string {
  for (const up of ['../package.json', '../../package.json']) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(up, import.meta.url), 'utf8')) as { name: string; version: string }
      if (name === 'archipelago') return version
    } catch {
      // Built and unbuilt files stand at different depths.
    }
  }
  return '0.0.0'
}
