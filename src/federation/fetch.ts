import { Agent, type Dispatcher, request } from 'undici'
import { traced } from '../lib/trace.ts'
import { type AllowPrivate, checkUrl, guardedConnector } from './connect.ts'
import { FetchRefusal } from './fetch-refusal.ts'
import { postRequest } from './post-request.ts'
import type { Lookup } from './resolve.ts'
import { discard, joined, readBody } from './response-body.ts'

export { type FetchFault, FetchRefusal } from './fetch-refusal.ts'

/** `url` is where the body was found in the end; names of headers are in lower case, repeated ones joined with commas. */
export type Fetched = {
  status: number
  headers: Record<string, string>
  body: Buffer
  url: URL
  /** How many bytes the body was on the way: fewer than it has, if it was compressed. */
  wireBytes?: number
  /** The IP address its host was last reached at. */
  address?: string | undefined
}
export type Get = {
  accept?: string
  /** Of the body, unpacked. */
  maxBytes?: number
  timeoutMs?: number
  sign?: Sign
  /** Whether it may come as gzip. Elsewhere nothing is asked for but the bytes themselves. */
  gzip?: boolean
  /** A question in JSON that is too long for an address: it is POSTed. */
  question?: Buffer
  /** How many redirects are followed; 3, and none with a question. */
  redirects?: number
}
/** Makes the headers that sign a request. Asked anew for every hop, and only for the host that the caller named. */
export type Sign = (request: { method: 'GET' | 'POST'; url: URL; body?: Buffer }) => Promise<Record<string, string>>
export type Fetcher = {
  /** Follows redirects, each checked like the first address. Resolves for every status. @throws FetchRefusal */
  get(url: string | URL, options?: Get): Promise<Fetched>
  /** Follows no redirect. The answer is its status: of the body at most 64 KiB are kept, and none if it is encoded. @throws FetchRefusal */
  post(url: string | URL, body: Buffer, options: { headers: Record<string, string>; timeoutMs?: number }): Promise<Fetched>
  /** Waits for what is under way, at most one deadline long, and closes every connection. */
  close(): Promise<void>
}

export type FetcherOptions = {
  userAgent: string
  /** Also http and addresses of this machine and its network: for a village on one machine. */
  allowPrivate: AllowPrivate
  lookup?: Lookup
  /** Default 4. */
  connectionsPerHost?: number
  /** How long an unused connection is kept, in milliseconds. Default 4,000. */
  idleMs?: number
  /** PEM of the one authority to trust instead of the system's, for a network with its own. */
  ca?: string
}

export const FETCH_LIMITS = {
  connectMs: 5_000,
  totalMs: 10_000,
  redirects: 3,
  bodyBytes: 1_048_576,
  answerBytes: 65_536,
  headerBytes: 16_384,
  earlyHints: 8,
  /** Fetches at once, of everything and of one host, waiting ones included. */
  underWay: 1_000,
  underWayPerHost: 64,
  /** With so many connections open, new ones are closed after use. */
  keptConnections: 512,
} as const

const ACCEPT = 'application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
const REDIRECTS = new Set([301, 302, 303, 307, 308])

type Deadline = { signal: AbortSignal; passed: Promise<never>; stop(error: FetchRefusal): void }

/** The one way out of the process (rules and figures: FETCH_LIMITS). Everything that is fetched or delivered goes through here. */
export function createFetcher(options: FetcherOptions): Fetcher {
  const { userAgent, allowPrivate, lookup, ca, idleMs = 4_000 } = options
  const connect = guardedConnector({ allowPrivate, lookup, ca, timeoutMs: FETCH_LIMITS.connectMs })
  let connections = 0
  const addresses = new Map<string, string>()
  const agent = new Agent({
    connect: (target, callback) =>
      connect(target, (...result) => {
        connections += result[1] ? 1 : 0
        result[1]?.once('close', () => connections--)
        remember(addresses, target.hostname, result[1]?.remoteAddress)
        callback(...result)
      }),
    connections: options.connectionsPerHost ?? 4,
    pipelining: 1,
    keepAliveTimeout: idleMs,
    // Otherwise a server could ask for ten minutes.
    keepAliveMaxTimeout: idleMs,
    maxHeaderSize: FETCH_LIMITS.headerBytes,
    // The deadline of each request covers these.
    headersTimeout: 0,
    bodyTimeout: 0,
  })

  const ownHeaders = (url: URL, encoding = 'identity') => ({ host: url.host, 'user-agent': userAgent, 'accept-encoding': encoding })
  const reset = () => connections >= FETCH_LIMITS.keptConnections

  async function exchange(
    url: URL,
    headers: Record<string, string>,
    { gzip, question }: Get,
    deadline: Deadline,
  ): Promise<Dispatcher.ResponseData> {
    let hints = 0
    const onInfo = () => {
      if (++hints > FETCH_LIMITS.earlyHints) deadline.stop(new FetchRefusal('too-large', `${url.host} sends hints without end.`))
    }
    const answer = request(url, {
      dispatcher: agent,
      ...(question ? { method: 'POST', body: question } : {}),
      headers: { ...headers, ...ownHeaders(url, gzip ? 'gzip' : 'identity') },
      signal: deadline.signal,
      reset: reset(),
      onInfo,
    })
    // One that still waits for a free connection when time is up is not told; it must not be left open when its turn comes.
    answer.then(response => deadline.signal.aborted && discard(response.body)).catch(() => {})
    return Promise.race([answer, deadline.passed])
  }

  async function follow(asked: URL, deadline: Deadline, get: Get): Promise<Fetched> {
    const { accept = ACCEPT, maxBytes = FETCH_LIMITS.bodyBytes, sign, gzip = false, question } = get
    const { redirects = question ? 0 : FETCH_LIMITS.redirects } = get
    const type: Record<string, string> = question ? { 'content-type': 'application/json' } : {}
    let url = asked
    for (let hop = 0; hop <= redirects; hop++) {
      const signed =
        sign && url.origin === asked.origin ? await Promise.race([sign({ method: 'GET', url: new URL(url) }), deadline.passed]) : {}
      const response = await exchange(url, { ...signed, ...type, accept }, get, deadline)
      const headers = joined(response.headers)
      if (REDIRECTS.has(response.statusCode) && headers.location !== undefined) {
        discard(response.body)
        url = redirected(url, headers.location, allowPrivate)
        continue
      }
      const { body, wireBytes } = await readBody(response, headers, { maxBytes, gzip }, url.host)
      return { status: response.statusCode, headers, body, url, wireBytes, address: addresses.get(url.hostname) }
    }
    throw new FetchRefusal('redirect', `${asked.host} redirects too often.`)
  }

  const underWay = new Set<Promise<Fetched>>()
  const perHost = new Map<string, number>()
  async function begin(url: URL, run: () => Promise<Fetched>): Promise<Fetched> {
    const { host } = url
    const others = perHost.get(host) ?? 0
    if (underWay.size >= FETCH_LIMITS.underWay || others >= FETCH_LIMITS.underWayPerHost)
      throw new FetchRefusal('network', `Too much is being asked of ${host} already.`)
    perHost.set(host, others + 1)
    const fetching = run()
    underWay.add(fetching)
    try {
      return await fetching
    } catch (error) {
      throw asRefusal(error, host)
    } finally {
      underWay.delete(fetching)
      const left = perHost.get(host)! - 1
      if (left > 0) perHost.set(host, left)
      else perHost.delete(host)
    }
  }

  return {
    get: async (input, get = {}) => {
      const url = checkUrl(input, allowPrivate)
      return traced('fetch', describeFetch, begin, url, () => within(get.timeoutMs, url.host, deadline => follow(url, deadline, get)))
    },
    post: async (input, body, { headers: given, timeoutMs = FETCH_LIMITS.totalMs }) => {
      const url = checkUrl(input, allowPrivate)
      const headers = { ...given, ...ownHeaders(url) }
      return traced('fetch', describeFetch, begin, url, () =>
        postRequest(agent, { url, headers, body, timeoutMs, reset: reset() }, FETCH_LIMITS),
      )
    },
    async close() {
      while (underWay.size > 0) await Promise.allSettled(underWay)
      // Not agent.close(): that also waits for connections nobody needs any more.
      await agent.destroy()
    },
  }
}

/** Runs something against one deadline for everything: resolving, connecting, waiting in line, every hop and the last byte. */
async function within(
  timeoutMs: number = FETCH_LIMITS.totalMs,
  host: string,
  run: (deadline: Deadline) => Promise<Fetched>,
): Promise<Fetched> {
  const controller = new AbortController()
  const stop = (error: FetchRefusal) => controller.abort(error)
  const passed = new Promise<never>((_, reject) => controller.signal.addEventListener('abort', () => reject(controller.signal.reason)))
  passed.catch(() => {})
  const timer = setTimeout(() => stop(new FetchRefusal('timeout', `${host} took too long.`)), timeoutMs)
  try {
    return await run({ signal: controller.signal, passed, stop })
  } finally {
    clearTimeout(timer)
  }
}

function redirected(from: URL, location: string, allowPrivate: AllowPrivate): URL {
  if (!URL.canParse(location, from.href)) throw new FetchRefusal('redirect', `${from.host} redirects to no address.`)
  const to = checkUrl(new URL(location, from.href), allowPrivate)
  if (from.protocol === 'https:' && to.protocol !== 'https:')
    throw new FetchRefusal('redirect', `${from.host} redirects from https to http.`)
  return to
}

function asRefusal(error: unknown, host: string): FetchRefusal {
  if (error instanceof FetchRefusal) return error
  const { code = 'unknown' } = error as { code?: unknown }
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return new FetchRefusal('timeout', `${host} took too long to connect.`, { cause: error })
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return new FetchRefusal('too-large', `${host} sent too many headers.`, { cause: error })
  return new FetchRefusal('network', `${host} could not be reached (${code}).`, { cause: error })
}

function remember(addresses: Map<string, string>, host: string, address: string | undefined): void {
  if (address === undefined) return
  if (addresses.size >= FETCH_LIMITS.underWay) addresses.delete(addresses.keys().next().value!)
  addresses.set(host, address)
}

const describeFetch = ({ host, pathname }: URL) => ({ host, path: pathname })
