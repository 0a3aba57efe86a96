import { fastifyCookie as cookies } from '@fastify/cookie'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import { type Session, sessionByToken } from '../db/steward.ts'
import type { Steward } from '../domain/steward.ts'
import { tokenHash } from '../lib/private-token.ts'

/** Who is signed in, and in which browser. */
export type SignedIn = { steward: Steward; session: Session }
/** Reads the session of a request, once for each. */
export type Sessions = {
  /** Whoever is signed in; undefined also where a one-time code is still to come. */
  of(request: FastifyRequest): SignedIn | undefined
  /** The same before the second step. */
  waiting(request: FastifyRequest): SignedIn | undefined
  /** Whether the browser has such a cookie, whatever it is worth. Costs nothing. */
  mayBe(request: FastifyRequest): boolean
  /** The header that gives the browser its cookie. */
  cookie(token: string): string
  /** The header that takes it away. */
  noCookie(): string
}

/** Must have been called before sessions are read. Of itself it looks at no cookie: visitors have none of ours. */
export async function readCookies(app: FastifyInstance): Promise<void> {
  await app.register(cookies, { hook: false })
}

/**
 * Cookies hold a token of chance; what it opens stands in the table. Over TLS only this host can set them (`__Host-`); without it, where
 * several nodes may share a host, each has its own.
 */
export function createSessions({ config, db, now }: Context): Sessions {
  const secure = config.publicUrl.startsWith('https:')
  const name = secure ? '__Host-steward' : `steward-${new URL(config.publicUrl).port || '80'}`
  const attributes = { path: '/', httpOnly: true, sameSite: 'lax', secure } as const
  const read = (request: FastifyRequest): SignedIn | undefined => {
    const { cookie } = request.headers
    const token = cookie?.includes(name) ? cookies.parse(cookie)[name] : undefined
    return token && token.length < 100 ? sessionByToken(db, tokenHash(token), now()) : undefined
  }
  return {
    of(request) {
      const found = read(request)
      return found && !found.session.waiting ? found : undefined
    },
    waiting(request) {
      const found = read(request)
      return found?.session.waiting ? found : undefined
    },
    mayBe: request => request.headers.cookie?.includes(`${name}=`) ?? false,
    // It may well outlive the session: the table alone decides.
    cookie: token => cookies.serialize(name, token, { ...attributes, maxAge: 90 * 24 * 3600 }),
    noCookie: () => cookies.serialize(name, '', { ...attributes, maxAge: 0 }),
  }
}
