import { giveBackToken, grantAppItself, redeemCode, registerApp } from '../actions/oauth.ts'
import { appWithSecret } from '../db/oauth.ts'
import { type App, covers, OAuthRefusal, OUT_OF_BAND, readScopes, SCOPES } from '../domain/oauth.ts'
import { tokenHash } from '../lib/private-token.ts'
import { type Call, meOf } from './call.ts'
import { application, credentialApplication, tokenEntity } from './entities/application.ts'
import { showAccount } from './find-account.ts'
import { list, text } from './input.ts'
import { get, post, type Route } from './route.ts'

export const oauthRoutes: readonly Route[] = [
  post('/api/v1/apps', 'nothing', register),
  get('/api/v1/apps/verify_credentials', 'app', ({ ctx, grant }) => application(ctx, grant!.app)),
  post('/oauth/token', 'nothing', token),
  post('/oauth/revoke', 'nothing', revoke),
  get('/oauth/userinfo', 'profile', userInfo),
  get('/.well-known/oauth-authorization-server', 'nothing', metadata),
]

function register({ ctx, input }: Call) {
  const { app, secret } = registerApp(ctx, {
    name: text(input, 'client_name') ?? '',
    redirectUris: list(input, 'redirect_uris').join('\n'),
    // A list in some apps.
    scopes: list(input, 'scopes').join(' '),
    website: text(input, 'website'),
  })
  return credentialApplication(ctx, app, secret)
}

/** RFC 6749 sections 4.1.3 and 4.4. */
function token({ ctx, input, request }: Call) {
  const app = theApp(ctx, input, request.headers.authorization)
  const kind = text(input, 'grant_type')
  if (kind === 'authorization_code') {
    const code = text(input, 'code')
    if (!code) throw new OAuthRefusal('invalid_request', 'The code is missing.')
    const verifier = text(input, 'code_verifier')
    return tokenEntity(
      redeemCode(ctx, app, { code, redirectUri: text(input, 'redirect_uri') ?? OUT_OF_BAND, verifier: verifier || undefined }),
    )
  }
  if (kind !== 'client_credentials')
    throw new OAuthRefusal('unsupported_grant_type', 'Only authorization_code and client_credentials are understood.')
  const asked = text(input, 'scope')
  const scopes = asked ? readScopes(asked) : ['read']
  const may = app.scopes.split(' ')
  if (scopes.length === 0 || !scopes.every(scope => covers(may, scope)))
    throw new OAuthRefusal('invalid_scope', 'The requested scope is invalid, unknown, or malformed.')
  return tokenEntity(grantAppItself(ctx, app, scopes))
}

// In the body, in a Basic header, or in both, as some do.
function theApp({ db }: Call['ctx'], input: Call['input'], authorization: string | undefined): App {
  const [id, secret] = credentials(input, authorization)
  const app = id && secret ? appWithSecret(db, id, tokenHash(secret)) : undefined
  if (!app) throw new OAuthRefusal('invalid_client', 'There is no such app here, or that is not its secret.')
  return app
}

function credentials(input: Call['input'], authorization: string | undefined): [string | undefined, string | undefined] {
  const [, encoded] = /^Basic +([A-Za-z0-9+/=]{1,400})$/i.exec(authorization ?? '') ?? []
  const [id, ...rest] = encoded ? Buffer.from(encoded, 'base64').toString('utf8').split(':') : []
  return [text(input, 'client_id') ?? id, text(input, 'client_secret') ?? (id === undefined ? undefined : rest.join(':'))]
}

/** RFC 7009. */
function revoke({ ctx, input, request }: Call) {
  const [id = '', secret = ''] = credentials(input, request.headers.authorization)
  giveBackToken(ctx, id, secret, text(input, 'token') ?? '')
  return {}
}

function userInfo({ ctx }: Call) {
  const { publicUrl } = ctx.config
  const { uri, display_name, username, url, avatar } = showAccount({ ctx }, meOf(ctx))
  return { iss: `${publicUrl}/`, sub: uri, name: display_name, preferred_username: username, profile: url, picture: avatar }
}

/** RFC 8414. */
function metadata({ ctx, reply }: Call) {
  const { publicUrl } = ctx.config
  reply.header('cache-control', 'public, max-age=3600')
  return {
    issuer: `${publicUrl}/`,
    authorization_endpoint: `${publicUrl}/oauth/authorize`,
    token_endpoint: `${publicUrl}/oauth/token`,
    revocation_endpoint: `${publicUrl}/oauth/revoke`,
    userinfo_endpoint: `${publicUrl}/oauth/userinfo`,
    app_registration_endpoint: `${publicUrl}/api/v1/apps`,
    scopes_supported: SCOPES,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'client_credentials'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    code_challenge_methods_supported: ['S256'],
    service_documentation: `${publicUrl}/api`,
  }
}
