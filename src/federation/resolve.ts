import { type LookupAddress, type LookupOptions, lookup, promises } from 'node:dns'
import { setTimeout as wait } from 'node:timers/promises'

export type Lookup = typeof lookup
export type Resolve = (
  hostname: string,
  options: LookupOptions,
  answer: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void
type Found = { error?: NodeJS.ErrnoException; addresses: LookupAddress[] }

/** Once there is an IPv4 address, how long one of IPv6 is still waited for: some name servers never answer that question. */
const GRACE_MS = 300

/**
 * Resolves names by asking the name servers. `dns.lookup` would wait in the thread pool, two names at a time, so that a few dead
 * domains hold up every other one; it is asked only for names that the name servers don't know, such as those in /etc/hosts.
 * @param servers addresses to ask instead of the system's
 */
export function createResolver(servers?: string[]): Resolve {
  const resolver = new promises.Resolver({ timeout: 2000, tries: 2 })
  if (servers) resolver.setServers(servers)
  return async (hostname, options, answer) => {
    const ask = (query: Promise<string[]>, family: 4 | 6): Promise<Found> =>
      query.then(
        found => ({ addresses: found.map(address => ({ address, family })) }),
        error => ({ error, addresses: [] }),
      )
    const v4 = ask(resolver.resolve4(hostname), 4)
    const v6 = ask(resolver.resolve6(hostname), 6)
    const patient = v4.then(({ addresses }) => (addresses.length > 0 ? wait(GRACE_MS, { addresses: [] }, { ref: false }) : v6))
    const found = await Promise.all([v4, Promise.race([v6, patient])])
    const addresses = found.flatMap(({ addresses }) => addresses)
    const error = found.find(({ error }) => error && !isUnknown(error))?.error
    // Out of the promise, so that an exception in the socket's code does not become a rejection here.
    setImmediate(() => {
      if (addresses.length > 0) answer(null, addresses)
      else if (error) answer(error, [])
      else lookup(hostname, { ...options, all: true }, answer)
    })
  }
}

function isUnknown({ code }: NodeJS.ErrnoException): boolean {
  return code === 'ENOTFOUND' || code === 'ENODATA' || code === 'ECONNREFUSED'
}
