import { createHash } from 'node:crypto'
import { Refusal } from './refusal.ts'
import { type Act, may, type Role } from './steward.ts'

const PARTS = {
  read: ['accounts', 'blocks', 'bookmarks', 'favourites', 'filters', 'follows', 'lists', 'mutes', 'notifications', 'search', 'statuses'],
  write: [
    'accounts',
    'blocks',
    'bookmarks',
    'conversations',
    'favourites',
    'filters',
    'follows',
    'lists',
    'media',
    'mutes',
    'notifications',
    'reports',
    'statuses',
  ],
} as const

/** All that an app may ask for. `follow` is the old word for blocks, follows and mutes. */
export const SCOPES: readonly string[] = [
  'read',
  'write',
  'follow',
  'push',
  'profile',
  ...PARTS.read.map(part => `read:${part}`),
  ...PARTS.write.map(part => `write:${part}`),
]

/** What a token lets an app do, for which a steward must be allowed to do something too. What is not here every steward may. */
const NEEDED: Record<string, Act> = {
  'write:accounts': 'charter',
  'write:blocks': 'moderation',
  'write:bookmarks': 'posts',
  'write:conversations': 'posts',
  'write:favourites': 'posts',
  'write:follows': 'people',
  'write:media': 'posts',
  'write:mutes': 'people',
  'write:reports': 'moderation',
  'write:statuses': 'posts',
}

/** The scopes of a text, each once, those nobody knows left out. @param text parted by spaces, or by +, as some apps write */
export function readScopes(text: string): string[] {
  const words = text.slice(0, 2_000).split(/[\s+,]+/)
  return [...new Set(words.filter(word => SCOPES.includes(word)))]
}

/** Whether some scopes allow what one names: `read` allows `read:accounts`. */
export function covers(granted: readonly string[], wanted: string): boolean {
  const [whole = '', part] = wanted.split(':')
  if (granted.includes(wanted) || granted.includes(whole)) return true
  if (wanted === 'profile') return granted.includes('read:accounts')
  return part !== undefined && ['blocks', 'follows', 'mutes'].includes(part) && granted.includes('follow')
}

/** Whether a steward of this role may do by an app what the scope is for. */
export function roleAllows(role: Role, scope: string): boolean {
  const act = NEEDED[scope]
  return act === undefined || may(role, act)
}

/** Where a code is shown instead of sent. */
export const OUT_OF_BAND = 'urn:ietf:wg:oauth:2.0:oob'
const UNSAFE = new Set(['javascript:', 'data:', 'vbscript:', 'file:', 'blob:', 'about:', 'filesystem:', 'view-source:', 'ws:', 'wss:'])
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/
const LONGEST_URI = 2_000
const MOST_URIS = 20

/**
 * Where an app may be answered (RFC 9700 section 2.1): https, http on the app's own machine, or an address only that app opens.
 * @param text one a line, or parted by spaces @throws Refusal for anything else
 */
export function readRedirectUris(text: string): string[] {
  const uris = [...new Set(text.split(/\s+/).filter(Boolean))]
  if (uris.length === 0 || uris.length > MOST_URIS) throw new Refusal('invalid', 'Validation failed: Redirect URI can’t be blank')
  const wrong = uris.find(uri => !isRedirectUri(uri))
  if (wrong !== undefined) throw new Refusal('invalid', `Validation failed: Redirect URI is not allowed: ${wrong.slice(0, 100)}`)
  return uris
}

function isRedirectUri(uri: string): boolean {
  if (uri === OUT_OF_BAND) return true
  if (uri.length > LONGEST_URI || uri.includes('#') || !/^[a-z][a-z0-9+.-]*:[\x21-\x7e]+$/i.test(uri) || !URL.canParse(uri)) return false
  const { protocol, hostname, username, password } = new URL(uri)
  if (UNSAFE.has(protocol) || username || password) return false
  return protocol !== 'http:' || LOOPBACK.test(hostname)
}

/** An address with something more in its query; its own bytes stay as they are. */
export function withAnswer(uri: string, answer: Record<string, string | undefined>): string {
  const given = Object.entries(answer).filter((pair): pair is [string, string] => pair[1] !== undefined)
  return `${uri}${uri.includes('?') ? '&' : '?'}${new URLSearchParams(given)}`
}

const CHALLENGE = /^[A-Za-z0-9_-]{43}$/
const VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/

/** RFC 7636 section 4.2, of which only S256 is understood. */
export function isChallenge(text: string): boolean {
  return CHALLENGE.test(text)
}

export function answersChallenge(verifier: string, challenge: string): boolean {
  return VERIFIER.test(verifier) && createHash('sha256').update(verifier).digest('base64url') === challenge
}

/** An app as it introduced itself. `scopes` is what it may ask for. */
export type App = {
  id: number
  clientId: string
  name: string
  website: string | null
  redirectUris: string[]
  scopes: string
  createdAt: Date
}

/** What an app asks a steward for. */
export type Asked = { app: App; redirectUri: string; scopes: string[]; state: string | undefined; challenge: string | undefined }

/** A code is to be used at once. */
export const CODE_LASTS_MS = 10 * 60_000

/** Why an app gets no token (RFC 6749 section 5.2). */
export class OAuthRefusal extends Error {
  override name = 'OAuthRefusal'
  readonly code: 'invalid_request' | 'invalid_client' | 'invalid_grant' | 'invalid_scope' | 'unsupported_grant_type'
  constructor(code: OAuthRefusal['code'], message: string) {
    super(message)
    this.code = code
  }
}
