const WINDOW_MS = 5 * 60_000
/** Phanpy alone asks 160 times for one search. */
const PER_TOKEN = 3_000
const PER_ADDRESS = 1_000
const MOST_KNOWN = 10_000

/** How somebody stands: how many requests they may make, how many are left, and when they begin anew. */
export type Standing = { limit: number; left: number; resetAt: Date; allowed: boolean }

/** Counts the requests of each token, and of each address that shows none. Whoever was longest ago is forgotten first. */
export function createRate({
  perToken = PER_TOKEN,
  perAddress = PER_ADDRESS,
} = {}): (who: { token?: number; address: string }, now: Date) => Standing {
  const known = new Map<string, { since: number; used: number }>()
  return ({ token, address }, now) => {
    const key = token === undefined ? address : `#${token}`
    const limit = token === undefined ? perAddress : perToken
    const at = now.getTime()
    const before = known.get(key)
    const entry = !before || at - before.since >= WINDOW_MS || at < before.since ? { since: at, used: 0 } : before
    entry.used += 1
    known.delete(key)
    known.set(key, entry)
    const [oldest] = known.keys()
    if (known.size > MOST_KNOWN && oldest !== undefined) known.delete(oldest)
    return { limit, left: Math.max(0, limit - entry.used), resetAt: new Date(entry.since + WINDOW_MS), allowed: entry.used <= limit }
  }
}
