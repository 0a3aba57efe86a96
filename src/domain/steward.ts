import { Refusal } from './refusal.ts'

/** An owner does everything; an editor speaks for the community; a moderator keeps out what should not come in. */
export const ROLES = ['owner', 'editor', 'moderator'] as const
export type Role = (typeof ROLES)[number]

/** `first` makes the first owner of an empty node, `invite` another steward, `reset` lets one choose a new password. */
export const INVITATION_KINDS = ['first', 'invite', 'reset'] as const
export type InvitationKind = (typeof INVITATION_KINDS)[number]

/** What stewards do, by the area it belongs to. `danger` is what can't be undone: keys, export, erasing, moving away. */
export type Act =
  | 'home'
  | 'account'
  | 'apps'
  | 'charter'
  | 'posts'
  | 'people'
  | 'inquiries'
  | 'moderation'
  | 'node'
  | 'settings'
  | 'stewards'
  | 'audit'
  | 'danger'

const EVERYBODY: readonly Act[] = ['home', 'account', 'apps']
const ALLOWED: Record<Exclude<Role, 'owner'>, readonly Act[]> = {
  editor: [...EVERYBODY, 'charter', 'posts', 'people', 'inquiries'],
  moderator: [...EVERYBODY, 'people', 'inquiries', 'moderation', 'audit'],
}

export function may(role: Role, act: Act): boolean {
  return role === 'owner' || ALLOWED[role].includes(act)
}

/** Somebody who looks after this node, without what they sign in with. */
export type Steward = {
  id: number
  name: string
  role: Role
  /** Since when signing in takes a one-time code too; null if it does not. */
  totpSince: Date | null
  createdAt: Date
  leftAt: Date | null
}

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** How long things last, in milliseconds. */
export const LASTS = {
  /** A session that is not used. */
  idle: 14 * DAY,
  /** A session, however much it is used. */
  session: 90 * DAY,
  /** Between the password and the one-time code. */
  waiting: 10 * 60_000,
  /** For so long what is dangerous may be done after the password was given. */
  proof: 20 * 60_000,
  first: 7 * DAY,
  invite: 7 * DAY,
  reset: DAY,
} as const

export const PASSWORD = { shortest: 10, longest: 200 } as const

/** What people choose who don't want to choose. Folded. Longer than the shortest allowed, or made of it by repeating. */
const COMMON =
  /^(1234567890|12345678910|0123456789|0987654321|qwertyuiop|qwertzuiop|azertyuiop|qwerty12345|q1w2e3r4t5|1q2w3e4r5t|password\d{0,4}!?|passw0rd\d{0,4}|passwort\d{0,4}|contraseña\d{0,4}|motdepasse\d{0,4}|letmein\d{0,6}|iloveyou\d{0,4}|administrator|archipelago\d{0,4}|changeme\d{0,4}|welcome\d{0,5}|(.{1,3})\2+)$/

export type PasswordFault = 'short' | 'long' | 'common' | 'own'

/** What is wrong with a new password. @param own words that are no secret: the steward's name, the community's handle and host */
export function faultOfPassword(password: string, own: readonly string[] = []): PasswordFault | undefined {
  const folded = password.normalize('NFC').toLowerCase()
  const length = [...password].length
  if (length < PASSWORD.shortest) return 'short'
  if (length > PASSWORD.longest) return 'long'
  if (COMMON.test(folded)) return 'common'
  const bare = folded.replace(/[\d\W_]+/g, '')
  return own.some(word => word.length > 2 && (folded === word.toLowerCase() || bare === word.toLowerCase().replace(/[\d\W_]+/g, '')))
    ? 'own'
    : undefined
}

const NAME = /^[\p{L}\p{N}][\p{L}\p{N}\p{M}._ -]{0,38}[\p{L}\p{N}\p{M}]$/u

/** A steward's name as it is kept: composed, in lower case, with single spaces. @throws Refusal when it is none */
export function readName(text: string): string {
  const name = foldName(text)
  if (!NAME.test(name)) throw new Refusal('invalid', 'A steward’s name has 2 to 40 letters, digits, spaces, dots, dashes or underscores.')
  return name
}

export function foldName(text: string): string {
  return text.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase()
}

export function isRole(text: unknown): text is Role {
  return ROLES.includes(text as Role)
}
