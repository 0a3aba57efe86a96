import type { FastifyServerOptions } from 'fastify'
import Negotiator from 'negotiator'

type Constraint = NonNullable<NonNullable<FastifyServerOptions['routerOptions']>['constraints']>[string]
type Handlers = ReturnType<Constraint['storage']>
type Handler = NonNullable<ReturnType<Handlers['get']>>

export type Representation = 'activity' | 'html'

const offered = [
  'text/html',
  'application/activity+json',
  'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
  'application/ld+json',
  'application/json',
]

/** What a request wants of an address that has both a page and an ActivityStreams document (RFC 9110 section 12.5.1). */
export function wantedRepresentation(accept: string | undefined): Representation {
  if (!accept) return 'html'
  const best = new Negotiator({ headers: { accept } }).mediaType(offered)
  return best === undefined || best === 'text/html' ? 'html' : 'activity'
}

/** Fastify constraint: a route with `constraints: { representation: 'html' }` serves browsers, one with 'activity' serves the fediverse. */
export const representation: Constraint = {
  name: 'representation',
  storage() {
    const handlers = new Map<unknown, Handler>()
    return {
      get: key => handlers.get(key) ?? null,
      set(key, handler) {
        handlers.set(key, handler)
      },
    }
  },
  validate(wanted) {
    if (wanted !== 'activity' && wanted !== 'html') throw new Error(`${String(wanted)} is no representation.`)
  },
  deriveConstraint: request => wantedRepresentation(request.headers.accept),
  mustMatchWhenDerived: false,
}
