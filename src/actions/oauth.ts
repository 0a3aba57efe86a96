import type { Context } from '../context.ts'
import { record } from '../db/event.ts'
import {
  addApp,
  addCode,
  addToken,
  appById,
  appWithSecret,
  codeOf,
  forgetIdleApps,
  forgetOldCodes,
  type Grant,
  markCodeUsed,
  removeCodes,
  removeTokens,
  touchToken,
} from '../db/oauth.ts'
import { type Tx, transact } from '../db/open.ts'
import { type App, type Asked, answersChallenge, CODE_LASTS_MS, OAuthRefusal, readRedirectUris, readScopes } from '../domain/oauth.ts'
import { Refusal } from '../domain/refusal.ts'
import { newToken, tokenHash } from '../lib/private-token.ts'
import { shortened } from '../lib/text.ts'

const MOST_APPS = 20_000
const HOUR_MS = 3_600_000

/** A new token for an app, as the app gets it: nobody can read it here again. */
export type Issued = { token: string; scopes: string[]; at: Date }

/**
 * An app introduces itself (RFC 7591 in Mastodon's words). It may do nothing yet.
 * @param said `redirectUris` one a line, `scopes` parted by spaces
 * @throws Refusal when it has no name, no address to be answered at, or asks for nothing there is
 */
export function registerApp(
  ctx: Context,
  said: { name: string; redirectUris: string; scopes: string; website: string | undefined },
): { app: App; secret: string } {
  const name = shortened(said.name, 60)
  if (!name) throw new Refusal('invalid', 'Validation failed: Application name can’t be blank')
  const scopes = readScopes(said.scopes || 'read')
  if (scopes.length === 0) throw new Refusal('invalid', 'Validation failed: Scopes doesn’t match configured on the server')
  const redirectUris = readRedirectUris(said.redirectUris)
  const website = said.website && said.website.length <= 2_000 && /^https?:\/\/[^\s]+$/.test(said.website) ? said.website : null
  const clientSecret = newToken()
  return transact(ctx.db, tx => {
    forgetIdleApps(tx, MOST_APPS)
    const row = { clientId: newToken(), secretHash: tokenHash(clientSecret), name, website, redirectUris, scopes: scopes.join(' ') }
    return { app: addApp(tx, { ...row, createdAt: ctx.now() }), secret: clientSecret }
  })
}

/** The steward lets an app act for the community. @returns the code by which it gets its token, good once and for ten minutes */
export function authoriseApp(ctx: Context, steward: number, { app, redirectUri, scopes, challenge }: Asked): string {
  const code = newToken()
  const now = ctx.now()
  transact(ctx.db, tx => {
    forgetOldCodes(tx, now)
    const expiresAt = new Date(now.getTime() + CODE_LASTS_MS)
    addCode(tx, {
      hash: tokenHash(code),
      app: app.id,
      steward,
      redirectUri,
      scopes: scopes.join(' '),
      challenge: challenge ?? null,
      expiresAt,
    })
    record(tx, { kind: 'app.authorised', subject: String(app.id), at: now, data: { name: app.name } })
  })
  return code
}

/**
 * An app turns its code into a token (RFC 6749 section 4.1.3, RFC 7636).
 * @throws OAuthRefusal when the code is not its own, old, or used: then also what was given for it ends
 */
export function redeemCode(ctx: Context, app: App, said: { code: string; redirectUri: string; verifier: string | undefined }): Issued {
  const wrong = (why: string) => new OAuthRefusal('invalid_grant', why)
  const hash = tokenHash(said.code)
  const now = ctx.now()
  // What is wrong is thrown behind the transaction: what a theft ends must stay ended.
  const outcome = transact(ctx.db, (tx): Issued | OAuthRefusal => {
    const code = codeOf(tx, hash)
    if (!code || code.app !== app.id || code.expiresAt <= now) return wrong('The code is unknown or too old.')
    if (code.usedAt) {
      removeTokens(tx, { code: hash })
      return wrong('The code was used before; what was given for it has ended.')
    }
    if (code.redirectUri !== said.redirectUri) return wrong('The redirect URI is not the one that was asked with.')
    if (code.challenge ? !answersChallenge(said.verifier ?? '', code.challenge) : said.verifier !== undefined)
      return wrong('The code verifier is not the right one.')
    markCodeUsed(tx, hash, now)
    return issue(tx, { app: app.id, steward: code.steward, scopes: code.scopes.split(' '), code: hash }, now)
  })
  if (outcome instanceof OAuthRefusal) throw outcome
  return outcome
}

/** An app gets a token of its own, which stands for nobody (RFC 6749 section 4.4). Others it had end. */
export function grantAppItself(ctx: Context, app: App, scopes: readonly string[]): Issued {
  return transact(ctx.db, tx => issue(tx, { app: app.id, steward: null, scopes, code: null }, ctx.now()))
}

function issue(tx: Tx, given: { app: number; steward: number | null; scopes: readonly string[]; code: string | null }, at: Date): Issued {
  const token = newToken()
  const scopes = [...given.scopes]
  addToken(tx, { ...given, scopes: scopes.join(' '), hash: tokenHash(token), createdAt: at })
  return { token, scopes, at }
}

/** An app gives back a token of its own (RFC 7009). One that is not there needs no giving back. @throws OAuthRefusal when the app is not who it says */
export function giveBackToken(ctx: Context, clientId: string, clientSecret: string, token: string): void {
  const app = appWithSecret(ctx.db, clientId, tokenHash(clientSecret))
  if (!app) throw new OAuthRefusal('invalid_client', 'There is no such app, or that is not its secret.')
  transact(ctx.db, tx => removeTokens(tx, { hash: tokenHash(token), app: app.id }))
}

/** Notes that a token is in use; written once an hour at most. */
export function noteUse(ctx: Context, { token, usedAt }: Pick<Grant, 'token' | 'usedAt'>): void {
  const now = ctx.now()
  if (usedAt && now.getTime() - usedAt.getTime() < HOUR_MS) return
  transact(ctx.db, tx => touchToken(tx, token, now))
}

/**
 * The steward's word that an app may act no more; it has to ask again.
 * @param steward only for this one; else for everybody @throws Refusal when there is no such app
 */
export function revokeApp(ctx: Context, id: number, steward?: number): App {
  return transact(ctx.db, tx => {
    const app = appById(tx, id)
    if (!app) throw new Refusal('missing', `There is no app numbered ${id}.`)
    const whose = steward === undefined ? {} : { steward }
    removeTokens(tx, { app: id, ...whose })
    removeCodes(tx, { app: id, ...whose })
    record(tx, { kind: 'app.revoked', subject: String(id), at: ctx.now(), data: { name: app.name } })
    return app
  })
}
