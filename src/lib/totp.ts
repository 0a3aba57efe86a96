import { createHash, randomBytes } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'

const STEP_SECONDS = 30
/** Without the letters that look like another. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789'
const RECOVERY_CODES = 10
const RECOVERY_LETTERS = 12

/** 160 bits, as RFC 4226 recommends. Base32. */
export function newTotpSecret(): string {
  return new Secret({ size: 20 }).base32
}

/** What an app that makes the codes reads: a key URI. @param account the name of the person @param issuer the name of the site */
export function totpUri(secret: string, account: string, issuer: string): string {
  return totp(secret, account, issuer).toString()
}

/**
 * Which step of 30 seconds a six-digit code belongs to (RFC 6238), if it is right now, was just before or will be next: clocks differ.
 */
export function stepOf(secret: string, code: string, now: Date): number | undefined {
  const token = code.replace(/\s/g, '')
  if (!/^\d{6}$/.test(token)) return undefined
  const timestamp = now.getTime()
  const delta = totp(secret).validate({ token, timestamp, window: 1 })
  return delta === null ? undefined : Math.floor(timestamp / 1000 / STEP_SECONDS) + delta
}

/** Codes to write down, in groups of four letters: 59 bits each. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => {
    let code = ''
    while (code.length < RECOVERY_LETTERS) {
      // Bytes beyond the last whole round would favour some letters.
      const letter = [...randomBytes(16)].filter(byte => byte < 248).map(byte => LETTERS[byte % LETTERS.length])
      code = (code + letter.join('')).slice(0, RECOVERY_LETTERS)
    }
    return code.replace(/(.{4})(?=.)/g, '$1-')
  })
}

/** All that is kept of a recovery code, however it was typed; undefined where it can't be one. */
export function recoveryHash(code: string): string | undefined {
  const letters = code.toLowerCase().replace(/[\s-]/g, '')
  if (letters.length !== RECOVERY_LETTERS) return undefined
  return createHash('sha256').update(`recovery ${letters}`).digest('base64url')
}

function totp(secret: string, account = 'steward', issuer = 'Archipelago'): TOTP {
  return new TOTP({ issuer, label: account, algorithm: 'SHA1', digits: 6, period: STEP_SECONDS, secret: Secret.fromBase32(secret) })
}
