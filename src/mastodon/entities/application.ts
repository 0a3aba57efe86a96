import type { Context } from '../../context.ts'
import type { App } from '../../domain/oauth.ts'
import { serverKey } from '../push-message.ts'

/** An app as everybody may know it. */
export function application(ctx: Context, { id, name, website, scopes, redirectUris }: App) {
  return {
    id: String(id),
    name,
    website,
    scopes: scopes.split(' '),
    redirect_uri: redirectUris.join('\n'),
    redirect_uris: redirectUris,
    vapid_key: serverKey(ctx),
  }
}

/** The same with what it must know to ask for tokens: shown once. */
export function credentialApplication(ctx: Context, app: App, secret: string) {
  return { ...application(ctx, app), client_id: app.clientId, client_secret: secret, client_secret_expires_at: 0 }
}

export function tokenEntity({ token, scopes, at }: { token: string; scopes: readonly string[]; at: Date }) {
  return { access_token: token, token_type: 'Bearer', scope: scopes.join(' '), created_at: Math.floor(at.getTime() / 1000) }
}
