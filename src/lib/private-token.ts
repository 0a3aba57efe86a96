import { createHash, createHmac, randomBytes } from 'node:crypto'

/** What opens a private page: 256 bits made of a secret and of something given out once, so that the same form leads to the same page. */
export function tokenFrom(secret: string, seed: string): string {
  return createHmac('sha256', secret).update(`private page ${seed}`).digest('base64url')
}

/** All that is kept of a token: enough to know it again, not enough to use it. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}

/** A token that cannot be guessed: 256 bits of chance. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}
