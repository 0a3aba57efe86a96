import { z } from 'zod'
import { hearActor } from '../actions/neighbour.ts'
import { actorOf } from '../db/actor.ts'
import { isSuspended } from '../db/block.ts'
import type { Actor } from '../domain/actor.ts'
import { Refusal } from '../domain/refusal.ts'
import { readActor } from './activities/actor.ts'
import { type Found, fetchDocument, HostSuspended, NotFetched, withoutFragment } from './document.ts'
import type { Federation } from './federation.ts'
import { FetchRefusal } from './fetch-refusal.ts'
import { DocumentRefusal, parseDocument } from './guard.ts'

const Jrd = z.looseObject({
  subject: z.string().optional(),
  links: z.array(
    z.looseObject({ rel: z.string(), type: z.string().optional(), href: z.string().optional(), template: z.string().optional() }),
  ),
})

/**
 * Finds an actor by its handle (`@brookfarm@example.org`) or address, at its own origin, and remembers it. Its charter, if it has
 * one, enters the directory.
 * @throws Refusal that says what was wrong, for a person to read
 */
export async function lookUp(federation: Federation, what: string): Promise<Actor> {
  return (await lookUpDocument(federation, what)).actor
}

/** The same, with the document it was read from. */
export async function lookUpDocument(federation: Federation, what: string): Promise<{ actor: Actor; document: Found }> {
  try {
    return await seekActor(federation, what.trim())
  } catch (error) {
    throw inPlainWords(error, what.trim())
  }
}

/** The same for those who try again: what went wrong is thrown as it is. */
export async function seekActor(federation: Federation, what: string): Promise<{ actor: Actor; document: Found }> {
  const id = await actorId(federation, what)
  const document = await fetchDocument(federation, id)
  const news = readActor(document, federation.ctx.now())
  if (!news)
    throw new Refusal('invalid', `What stands at ${id} is not an actor that can be followed.`, [], { code: 'noActor', address: id })
  hearActor(federation.ctx, news, 'lookup')
  return { actor: actorOf(federation.ctx.db, news.actor.id)!, document }
}

async function actorId(federation: Federation, text: string): Promise<string> {
  if (/^https?:\/\//i.test(text)) {
    if (!URL.canParse(text)) throw new Refusal('invalid', `“${text}” is not an address.`, [], { code: 'noAddress', text })
    return withoutFragment(new URL(text).href)
  }
  const handle = /^(?:acct:)?@?([^@\s/]+)@([^@\s/]+)$/.exec(text)
  if (!handle)
    throw new Refusal(
      'invalid',
      `“${text}” is neither a handle such as @brookfarm@example.org nor an address such as https://example.org/c/brookfarm.`,
      [],
      { code: 'noHandle', text },
    )
  return await webfinger(federation, handle[1]!, handle[2]!)
}

/** RFC 7033: from `handle@host` to the id of the actor. */
async function webfinger({ ctx }: Federation, handle: string, host: string): Promise<string> {
  if (!URL.canParse(`https://${host}`))
    throw new Refusal('invalid', `“${host}” is not the name of a server.`, [], { code: 'noServerName', host })
  const { host: name } = new URL(`https://${host}`)
  if (isSuspended(ctx.db, name)) throw new HostSuspended(name)
  const url = webfingerAddress(ctx.config, handle, name)
  const response = await ctx.fetch.get(url, { accept: 'application/jrd+json, application/json' })
  if (response.status === 404 || response.status === 410)
    throw new Refusal('missing', `${name} knows nobody called ${handle}.`, [], { code: 'nobodyThere', server: name, handle })
  if (response.status !== 200) throw new NotFetched(`${name} answered ${response.status}.`, response.status)
  const jrd = Jrd.safeParse(parseDocument(response.body))
  const self = jrd.success
    ? jrd.data.links.find(
        link => link.rel === 'self' && /^application\/(activity|ld)\+json/.test(link.type ?? '') && URL.canParse(link.href ?? ''),
      )
    : undefined
  if (!self?.href)
    throw new Refusal('missing', `${name} knows ${handle}, but not as somebody who can be followed.`, [], {
      code: 'nobodyToAsk',
      server: name,
      handle,
    })
  return self.href
}

/** Where a server says who somebody is (RFC 7033). `host` may hold a port. */
export function webfingerAddress({ allowPrivateAddresses }: Federation['ctx']['config'], handle: string, host: string): string {
  const { hostname } = new URL(`https://${host}`)
  // A village on one machine speaks plain http; nobody else does.
  const scheme = allowPrivateAddresses && /^(localhost|127\.|\[::1\])/.test(hostname) ? 'http' : 'https'
  return `${scheme}://${host}/.well-known/webfinger?resource=${encodeURIComponent(`acct:${handle}@${host}`)}`
}

/** The links of such an answer; none where it is something else. */
export function readJrd(body: Buffer): z.output<typeof Jrd>['links'] {
  try {
    return Jrd.safeParse(parseDocument(body)).data?.links ?? []
  } catch {
    return []
  }
}

/** What went wrong while something was fetched, as a Refusal where it is one of the known ways. */
export function inPlainWords(error: unknown, what: string): unknown {
  if (error instanceof HostSuspended)
    return new Refusal('forbidden', `${error.message} npx archipelago unblock ends that.`, [], { code: 'blockedThere', what })
  if (error instanceof NotFetched && error.gone)
    return new Refusal('missing', `There is nothing at ${what}.`, [], { code: 'nothingThere', what })
  if (error instanceof NotFetched && error.status)
    return new Refusal('unavailable', error.message, [], { code: 'oddAnswer', what, status: String(error.status) })
  if (error instanceof NotFetched) return new Refusal('unavailable', error.message, [], { code: 'noActivity', what })
  if (error instanceof DocumentRefusal) return new Refusal('unavailable', error.message, [], { code: `document.${error.code}`, what })
  if (error instanceof FetchRefusal)
    return new Refusal('unavailable', `${what} could not be reached: ${error.message}`, [], {
      code: `fetch.${error.code}`,
      what,
      detail: detailOf(error),
    })
  return error
}

/** The system's own word for what went wrong, such as ECONNREFUSED; it is the same in every language. */
function detailOf({ cause, code }: FetchRefusal): string {
  const { code: word } = (cause ?? {}) as { code?: unknown }
  return typeof word === 'string' ? word : code
}
