import { Agent, type Dispatcher, request } from 'undici'
import { checkUrl, guardedConnector } from './connect.ts'
import { FetchRefusal } from './fetch-refusal.ts'
import type { Lookup } from './resolve.ts'
import { discard, joined, readBody, readSome } from './response-body.ts'

export { type FetchFault, FetchRefusal } from './fetch-refusal.ts'

/** `url` is where the body was found in the end; names of headers are in lower case, repeated ones joined with commas. */
export type Fetched = { status: number; headers: Record<string, string>; body: Buffer; url: URL }
/** Makes the headers that sign a request. Asked anew for every hop, and only for the host that the caller named. */
export type Sign = (request: { method: 'GET' | 'POST'; url: URL; body?: Buffer }) => Promise<Record<string, string>>
export type Fetcher = {
  /** Follows at most 3 redirects, each checked like the first address. Resolves for every status. @throws FetchRefusal */
  get(url: string | URL, options?: { accept?: string; maxBytes?: number; timeoutMs?: number; sign?: Sign }): Promise<Fetched>
  /** Follows no redirect. The answer is its status: of the body at most 64 KiB are kept, and none if it is encoded. @throws FetchRefusal */
  post(url: string | URL, body: Buffer, options: { headers: Record<string, string>; timeoutMs?: number }): Promise<Fetched>
  /** Waits for what is under way, at most one deadline long, and closes every connection. */
  close(): Promise<void>
}

export type FetcherOptions = {
  userAgent: string
  /** Also http and addresses of this machine and its network: for a village on one machine. */
  allowPrivate: boolean
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
  keptConnections: 256,
} as const

const ACCEPT = 'application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
const REDIRECTS = new Set([301, 302, 303, 307, 308])

type Deadline = { signal: AbortSignal; passed: Promise<never>; stop(error: FetchRefusal): void }
type Outgoing = { method: 'GET' | 'POST'; url: URL; headers: Record<string, string>; body?: Buffer }

/** The one way out of the process (rules and figures: FETCH_LIMITS). Everything that is fetched or delivered goes through here. */
export function createFetcher(options: FetcherOptions): Fetcher {
  const { userAgent, allowPrivate, lookup, ca, idleMs = 4_000 } = options
  const connect = guardedConnector({ allowPrivate, lookup, ca, timeoutMs: FETCH_LIMITS.connectMs })
  let connections = 0
  const agent = new Agent({
    connect: (target, callback) =>
      connect(target, (...result) => {
        connections += result[1] ? 1 : 0
        result[1]?.once('close', () => connections--)
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

  async function exchange({ method, url, headers, body }: Outgoing, deadline: Deadline): Promise<Dispatcher.ResponseData> {
    let hints = 0
    const onInfo = () => {
      if (++hints > FETCH_LIMITS.earlyHints) deadline.stop(new FetchRefusal('too-large', `${url.host} sends hints without end.`))
    }
    const answer = request(url, {
      dispatcher: agent,
      method,
      headers: { ...headers, host: url.host, 'user-agent': userAgent, 'accept-encoding': 'identity' },
      body: body ?? null,
      signal: deadline.signal,
      reset: connections >= FETCH_LIMITS.keptConnections,
      onInfo,
    })
    // One that still waits for a free connection when time is up is not told; it must not be left open when its turn comes.
    answer.then(response => deadline.signal.aborted && discard(response.body)).catch(() => {})
    return Promise.race([answer, deadline.passed])
  }

  async function follow(
    asked: URL,
    deadline: Deadline,
    { accept = ACCEPT, maxBytes = FETCH_LIMITS.bodyBytes, sign }: Parameters<Fetcher['get']>[1] & {},
  ) {
    let url = asked
    for (let hop = 0; hop <= FETCH_LIMITS.redirects; hop++) {
      const signed =
        sign && url.origin === asked.origin ? await Promise.race([sign({ method: 'GET', url: new URL(url) }), deadline.passed]) : {}
      const response = await exchange({ method: 'GET', url, headers: { ...signed, accept } }, deadline)
      const headers = joined(response.headers)
      if (REDIRECTS.has(response.statusCode) && headers.location !== undefined) {
        discard(response.body)
        url = redirected(url, headers.location, allowPrivate)
        continue
      }
      return { status: response.statusCode, headers, body: await readBody(response, headers, maxBytes, url.host), url }
    }
    throw new FetchRefusal('redirect', `${asked.host} redirects too often.`)
  }

  const underWay = new Set<Promise<Fetched>>()
  const perHost = new Map<string, number>()
  async function begin(url: URL, timeoutMs: number | undefined, run: (deadline: Deadline) => Promise<Fetched>): Promise<Fetched> {
    const { host } = url
    const others = perHost.get(host) ?? 0
    if (underWay.size >= FETCH_LIMITS.underWay || others >= FETCH_LIMITS.underWayPerHost)
      throw new FetchRefusal('network', `Too much is being asked of ${host} already.`)
    perHost.set(host, others + 1)
    const fetching = within(timeoutMs, host, run)
    underWay.add(fetching)
    try {
      return await fetching
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
      return begin(url, get.timeoutMs, deadline => follow(url, deadline, get))
    },
    post: async (input, body, { headers: given, timeoutMs }) => {
      const url = checkUrl(input, allowPrivate)
      return begin(url, timeoutMs, async deadline => {
        const response = await exchange({ method: 'POST', url, headers: given, body }, deadline)
        const headers = joined(response.headers)
        return { status: response.statusCode, headers, body: await readSome(response, headers, FETCH_LIMITS.answerBytes), url }
      })
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
  } catch (error) {
    throw asRefusal(error, host)
  } finally {
    clearTimeout(timer)
  }
}

function redirected(from: URL, location: string, allowPrivate: boolean): URL {
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
