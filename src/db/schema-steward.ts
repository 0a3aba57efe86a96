import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { INVITATION_KINDS, ROLES } from '../domain/steward.ts'

const instant = () => integer({ mode: 'timestamp_ms' })

/** Who looks after this node. Nobody is ever deleted: the log names them by their number. */
export const stewards = sqliteTable(
  'stewards',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    /** Folded; what is typed to sign in. */
    name: text().notNull(),
    /** Argon2id, with its parameters and salt; empty once they have left. */
    passwordHash: text().notNull(),
    role: text({ enum: ROLES }).notNull(),
    /** Secret of the one-time codes, as base32; not in force before `totpSince`. */
    totpSecret: text(),
    totpSince: instant(),
    /** The step of the last code that was taken: each is good once. */
    totpStep: integer(),
    createdAt: instant().notNull(),
    leftAt: instant(),
  },
  table => [uniqueIndex('stewards_name').on(table.name)],
)

/** Browsers that are signed in. */
export const stewardSessions = sqliteTable(
  'steward_sessions',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    /** SHA-256 of what stands in the cookie. */
    tokenHash: text().notNull(),
    steward: integer()
      .notNull()
      .references(() => stewards.id),
    userAgent: text().notNull(),
    createdAt: instant().notNull(),
    seenAt: instant().notNull(),
    expiresAt: instant().notNull(),
    /** When the password was last given in it. */
    provenAt: instant().notNull(),
    /** The password was right and the one-time code is still to come: until then it opens nothing. */
    waiting: integer({ mode: 'boolean' }).notNull(),
    /** What the next page is to say of what was done. */
    flash: text({ mode: 'json' }).$type<Flash>(),
  },
  table => [
    uniqueIndex('steward_sessions_token').on(table.tokenHash),
    index('steward_sessions_steward').on(table.steward),
    index('steward_sessions_expiry').on(table.expiresAt),
  ],
)

/** A sentence on what was just done, already in the steward's language, and what takes it back. */
export type Flash = { text: string; undo?: { action: string; fields: Record<string, string> } }

/** What opens the door once if the device with the codes is lost. A row goes when it is used. */
export const recoveryCodes = sqliteTable(
  'recovery_codes',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    steward: integer()
      .notNull()
      .references(() => stewards.id),
    hash: text().notNull(),
  },
  table => [uniqueIndex('recovery_codes_once').on(table.steward, table.hash)],
)

/** Links that work once: to become a steward, or to choose a new password. A row goes when it is used or taken back. */
export const invitations = sqliteTable(
  'invitations',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    tokenHash: text().notNull(),
    kind: text({ enum: INVITATION_KINDS }).notNull(),
    role: text({ enum: ROLES }).notNull(),
    /** Whose password it renews; null where it makes a steward. */
    steward: integer().references(() => stewards.id),
    createdAt: instant().notNull(),
    expiresAt: instant().notNull(),
  },
  table => [uniqueIndex('invitations_token').on(table.tokenHash)],
)
