import { type LookupAddress, lookup as systemLookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { buildConnector } from 'undici'
import { isPublicAddress } from './address.ts'
import { FetchRefusal } from './fetch-refusal.ts'
import { createResolver, type Lookup, type Resolve } from './resolve.ts'

/** Whether a host may be on this machine or in its network, and speak plain http: all, none, or those that the function names. */
export type AllowPrivate = boolean | ((hostname: string) => boolean)
export type ConnectOptions = { allowPrivate: AllowPrivate; lookup?: Lookup | undefined; ca?: string | undefined; timeoutMs: number }

const PER_FAMILY = 2

/**
 * Parses an address that we are asked to fetch and refuses what must not be: other schemes than https, credentials, ports of other
 * services, IP literals that are not public. The host comes back in its one form: ASCII, lower case, without a trailing dot.
 * @param allow also takes http, any port and private addresses: a village on one machine
 * @throws FetchRefusal
 */
export function checkUrl(input: string | URL, allow: AllowPrivate): URL {
  if (typeof input === 'string' && !URL.canParse(input)) throw new FetchRefusal('url', 'This is not an address.')
  const url = new URL(input)
  const allowPrivate = isAllowed(allow, url.hostname)
  if (url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:'))
    throw new FetchRefusal('scheme', `${url.protocol} addresses are not fetched, only https: ones.`)
  if (url.username || url.password) throw new FetchRefusal('credentials', 'Addresses with a user name or a password are not fetched.')
  // Only where there is something to change: each parses the address anew.
  if (url.href.includes('#')) url.hash = ''
  if (url.hostname.endsWith('.')) url.hostname = url.hostname.slice(0, -1)
  if (!allowPrivate && url.port && Number(url.port) < 1024) throw new FetchRefusal('port', `Port ${url.port} is not one of a web server.`)
  // Connecting to a literal asks no resolver, so this is the one place that sees it in time.
  const literal = url.hostname.replace(/^\[|\]$/g, '')
  const inside = isIP(literal) === 0 ? /(^|\.)localhost$/.test(literal) : !isPublicAddress(literal)
  if (!allowPrivate && inside) throw privateAddress(url.hostname)
  return url
}

/** Connects to public addresses only: the ones a name resolves to are checked before, the one reached is checked before a byte of HTTP is sent. */
export function guardedConnector(options: ConnectOptions): buildConnector.connector {
  const { allowPrivate, ca, timeoutMs } = options
  const connect = buildConnector({ timeout: timeoutMs, lookup: guardedLookup(options), ...(ca === undefined ? {} : { ca }) })
  return (target, callback) => {
    connect(target, (...[error, socket]) => {
      if (error) return callback(error, null)
      if (isAllowed(allowPrivate, target.hostname) || isPublicAddress(socket.remoteAddress ?? '')) return callback(null, socket)
      socket.destroy()
      callback(privateAddress(target.hostname), null)
    })
  }
}

/**
 * A lookup for sockets that gives out vetted addresses only. One answer serves one connection, so a name that answers differently
 * the next time gains nothing.
 */
export function guardedLookup({ allowPrivate, lookup }: Pick<ConnectOptions, 'allowPrivate' | 'lookup'>): LookupFunction {
  const resolve = lookup ? asking(lookup) : allowPrivate === true ? asking(systemLookup) : createResolver()
  return (hostname, options, callback) => {
    resolve(hostname, options, (error, found) => {
      if (error) return callback(error, [])
      const usable = vetted(found, isAllowed(allowPrivate, hostname), options.family)
      if (usable.length === 0) return callback(privateAddress(hostname), [])
      if (options.all) return callback(null, usable)
      callback(null, usable[0]!.address, usable[0]!.family)
    })
  }
}

// At most two of each family, each once: a name with a hundred addresses is not worth a hundred attempts.
function vetted(found: LookupAddress[], allowPrivate: boolean, family: number | string | undefined): LookupAddress[] {
  const wanted = family === 'IPv4' ? 4 : family === 'IPv6' ? 6 : family
  const distinct = [...new Map(found.map(entry => [entry.address, entry])).values()]
  const usable = distinct.filter(({ address, family }) => (allowPrivate || isPublicAddress(address)) && (!wanted || wanted === family))
  const taken = { 4: 0, 6: 0 }
  return usable.filter(({ family }) => taken[family === 6 ? 6 : 4]++ < PER_FAMILY)
}

function isAllowed(allow: AllowPrivate, hostname: string): boolean {
  return typeof allow === 'function' ? allow(hostname) : allow
}

function asking(lookup: Lookup): Resolve {
  return (hostname, options, answer) => lookup(hostname, { ...options, all: true }, answer)
}

function privateAddress(host: string): FetchRefusal {
  return new FetchRefusal('address', `${host} is not on the public internet.`)
}
