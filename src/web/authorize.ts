import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { authoriseApp } from '../actions/oauth.ts'
import { appByClientId } from '../db/oauth.ts'
import { type Asked, covers, isChallenge, OUT_OF_BAND, readScopes, withAnswer } from '../domain/oauth.ts'
import { Refusal } from '../domain/refusal.ts'
import { actingAs } from '../lib/acting.ts'
import type { Edge } from './edge.ts'
import { fieldsOf, sameOriginOnly, sendForm } from './forms.ts'
import { securityHeaders } from './headers.ts'
import type { Words } from './messages.ts'
import { authorizePage, codePage } from './pages/authorize-page.tsx'
import type { SignedIn } from './session.ts'

/** What an app may send with the steward. */
const FIELDS = ['response_type', 'client_id', 'redirect_uri', 'scope', 'state', 'code_challenge', 'code_challenge_method'] as const
const LONGEST = 2_000
/** An app that wants the password again is content with one given just now. */
const JUST_NOW_MS = 2 * 60_000

type Said = Partial<Record<(typeof FIELDS)[number], string>>

/**
 * Where an app sends the steward to be let in (RFC 6749 section 4.1.1, RFC 7636). Nothing is ever sent to an address the app did not
 * name when it introduced itself: what is wrong is said here.
 */
export function authorizeRoutes(app: FastifyInstance, edge: Edge): void {
  const { ctx, site, sessions } = edge
  // Chromium holds redirects after a form to form-action, and every app is another origin; apps that open this in a window of their own
  // must keep hold of it.
  const { contentSecurityPolicy, ...headers } = securityHeaders(ctx.config.publicUrl)
  const { formAction: _, ...directives } = (contentSecurityPolicy as { directives: Record<string, string[]> }).directives
  const helmet = { ...headers, contentSecurityPolicy: { useDefaults: false, directives }, crossOriginOpenerPolicy: false } as never

  app.addHook('onRequest', (request, reply, done) => {
    if (/^\/(?:sign-in|admin\/confirm)(?:[/?]|$)/.test(request.url)) reply.removeHeader('cross-origin-opener-policy')
    done()
  })

  app.get('/oauth/authorize', { helmet }, (request, reply) => {
    const { words } = site(request)
    const said = fieldsIn(request.query)
    const asked = readAsked(said, words)
    const signedIn = sessions.of(request)
    if (!signedIn) return toSignIn(reply, said)
    if (wantsPassword(request) && !isJustProven(signedIn))
      return away(reply, `/admin/confirm?next=${encodeURIComponent(addressOf(said, true))}`)
    return sendForm(reply, site(request), authorizePage({ asked, said, steward: signedIn.steward, site: site(request) }))
  })

  app.post('/oauth/authorize', { helmet, onRequest: sameOriginOnly(edge) }, (request, reply) => {
    const here = site(request)
    const fields = fieldsOf(request.body)
    const said = fieldsIn(fields)
    const asked = readAsked(said, here.words)
    const signedIn = sessions.of(request)
    if (!signedIn) return toSignIn(reply, said)
    const { state, redirectUri } = asked
    if (fields.decision !== 'allow') {
      if (redirectUri === OUT_OF_BAND) return away(reply, '/admin/apps')
      return away(reply, withAnswer(redirectUri, { error: 'access_denied', error_description: 'The steward said no.', state }))
    }
    const { id } = signedIn.steward
    const code = actingAs(id, () => authoriseApp(ctx, id, asked))
    if (redirectUri === OUT_OF_BAND) return sendForm(reply, here, codePage({ app: asked.app.name, code, words: here.words }))
    return away(reply, withAnswer(redirectUri, { code, state }))
  })

  function isJustProven({ session }: SignedIn): boolean {
    return ctx.now().getTime() - session.provenAt.getTime() < JUST_NOW_MS
  }

  /** @throws Refusal that says what the app has done wrong */
  function readAsked(said: Said, { t }: Words): Asked {
    const refuse = (why: string) => new Refusal('invalid', t(`authorize.fault.${why}`))
    const found = said.client_id ? appByClientId(ctx.db, said.client_id) : undefined
    if (!found) throw refuse('app')
    const redirectUri = said.redirect_uri ?? ''
    if (!found.redirectUris.includes(redirectUri)) throw refuse('redirect')
    if (said.response_type !== 'code') throw refuse('type')
    const scopes = readScopes(said.scope ?? 'read')
    const may = found.scopes.split(' ')
    if (scopes.length === 0 || !scopes.every(scope => covers(may, scope))) throw refuse('scope')
    const { code_challenge: challenge, code_challenge_method: method } = said
    if (challenge !== undefined ? method !== 'S256' || !isChallenge(challenge) : method !== undefined) throw refuse('challenge')
    return { app: found, redirectUri, scopes, state: said.state, challenge }
  }
}

function wantsPassword({ query }: FastifyRequest): boolean {
  return /^(?:true|1)$/i.test(String((query as Record<string, unknown>).force_login ?? ''))
}

function fieldsIn(source: unknown): Said {
  const all = fieldsOf(source)
  return Object.fromEntries(FIELDS.flatMap(name => (all[name] && all[name].length <= LONGEST ? [[name, all[name]]] : []))) as Said
}

function addressOf(said: Said, again = false): string {
  return `/oauth/authorize?${new URLSearchParams({ ...(said as Record<string, string>), ...(again ? { force_login: 'true' } : {}) })}`
}

function toSignIn(reply: FastifyReply, said: Said): FastifyReply {
  return away(reply, `/sign-in?next=${encodeURIComponent(addressOf(said))}`)
}

// Byte for byte: some apps are answered at addresses that a URL parser would write otherwise.
function away(reply: FastifyReply, to: string): FastifyReply {
  return reply.code(303).header('cache-control', 'no-store').header('referrer-policy', 'no-referrer').header('location', to).send()
}
