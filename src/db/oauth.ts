import { and, asc, count, desc, eq, inArray, isNull, lte, sql } from 'drizzle-orm'
import type { App } from '../domain/oauth.ts'
import type { Steward } from '../domain/steward.ts'
import type { Db, Tx } from './open.ts'
import { prepared } from './prepared.ts'
import { apps, oauthCodes, tokens } from './schema-client.ts'
import { stewards } from './schema-steward.ts'

/** What a token stands for: which app, for which steward, and what it may do. */
export type Grant = { token: number; app: App; steward: Steward | undefined; scopes: string[]; usedAt: Date | null; createdAt: Date }
export type Code = typeof oauthCodes.$inferSelect

const shown = {
  id: apps.id,
  clientId: apps.clientId,
  name: apps.name,
  website: apps.website,
  redirectUris: apps.redirectUris,
  scopes: apps.scopes,
  createdAt: apps.createdAt,
}

export function appById(db: Db, id: number): App | undefined {
  return db.select(shown).from(apps).where(eq(apps.id, id)).get()
}

export function appByClientId(db: Db, clientId: string): App | undefined {
  return db.select(shown).from(apps).where(eq(apps.clientId, clientId)).get()
}

/** @param secretHash hash of what it says is its secret */
export function appWithSecret(db: Db, clientId: string, secretHash: string): App | undefined {
  const right = and(eq(apps.clientId, clientId), eq(apps.secretHash, secretHash))
  return db.select(shown).from(apps).where(right).get()
}

export function addApp(tx: Tx, row: typeof apps.$inferInsert): App {
  return tx.insert(apps).values(row).returning(shown).get()
}

/** Its codes and tokens go with it. */
export function removeApp(tx: Tx, id: number): boolean {
  return tx.delete(apps).where(eq(apps.id, id)).run().changes > 0
}

/** Apps that may act for the community, and since when, the last used first. @param steward only those of one */
export function authorisedApps(db: Db, steward?: number) {
  return db
    .select({
      app: shown,
      steward: { id: stewards.id, name: stewards.name },
      tokens: sql<number>`count(*)`,
      scopes: sql<string>`group_concat(distinct ${tokens.scopes})`,
      since: sql<number>`min(${tokens.createdAt})`,
      usedAt: sql<number | null>`max(${tokens.usedAt})`,
    })
    .from(tokens)
    .innerJoin(apps, eq(apps.id, tokens.app))
    .innerJoin(stewards, eq(stewards.id, tokens.steward))
    .where(and(isNull(stewards.leftAt), steward === undefined ? undefined : eq(stewards.id, steward)))
    .groupBy(apps.id, stewards.id)
    .orderBy(desc(sql`max(coalesce(${tokens.usedAt}, ${tokens.createdAt}))`))
    .all()
    .map(row => ({
      ...row,
      scopes: [...new Set(row.scopes.split(/[ ,]/))],
      since: new Date(row.since),
      usedAt: row.usedAt === null ? null : new Date(row.usedAt),
    }))
}
export type AuthorisedApp = ReturnType<typeof authorisedApps>[number]

const byHash = (db: Db) =>
  db
    .select({
      token: tokens.id,
      scopes: tokens.scopes,
      usedAt: tokens.usedAt,
      createdAt: tokens.createdAt,
      of: tokens.steward,
      app: shown,
      steward: {
        id: stewards.id,
        name: stewards.name,
        role: stewards.role,
        totpSince: stewards.totpSince,
        createdAt: stewards.createdAt,
        leftAt: stewards.leftAt,
      },
    })
    .from(tokens)
    .innerJoin(apps, eq(apps.id, tokens.app))
    .leftJoin(stewards, eq(stewards.id, tokens.steward))
    .where(eq(tokens.hash, sql.placeholder('hash')))
    .prepare()

/** What a token allows; undefined when there is no such token, or its steward has left. */
export function grantOf(db: Db, hash: string): Grant | undefined {
  const row = prepared(db, byHash).get({ hash })
  if (!row || (row.of !== null && (!row.steward || row.steward.leftAt))) return undefined
  const { of: _, steward, scopes, ...rest } = row
  return { ...rest, steward: steward ?? undefined, scopes: scopes.split(' ') }
}

const stands = (db: Db) =>
  db
    .select({ id: tokens.id })
    .from(tokens)
    .leftJoin(stewards, eq(stewards.id, tokens.steward))
    .where(and(eq(tokens.id, sql.placeholder('id')), isNull(stewards.leftAt)))
    .prepare()

/** Whether a token is still good: for who looked it up a while ago and goes on. */
export function tokenStands(db: Db, id: number): boolean {
  return prepared(db, stands).get({ id }) !== undefined
}

export function addToken(tx: Tx, row: typeof tokens.$inferInsert): number {
  return tx.insert(tokens).values(row).returning({ id: tokens.id }).get().id
}

export function touchToken(tx: Tx, id: number, at: Date): void {
  tx.update(tokens).set({ usedAt: at }).where(eq(tokens.id, id)).run()
}

/** @returns how many there were */
export function removeTokens(tx: Tx, which: { hash?: string; app?: number; steward?: number; code?: string }): number {
  const { hash, app, steward, code } = which
  const all = [
    hash === undefined ? undefined : eq(tokens.hash, hash),
    app === undefined ? undefined : eq(tokens.app, app),
    steward === undefined ? undefined : eq(tokens.steward, steward),
    code === undefined ? undefined : eq(tokens.code, code),
  ].filter(one => one !== undefined)
  return all.length === 0
    ? 0
    : tx
        .delete(tokens)
        .where(and(...all))
        .run().changes
}

export function addCode(tx: Tx, row: typeof oauthCodes.$inferInsert): void {
  tx.insert(oauthCodes).values(row).run()
}

export function codeOf(db: Db, hash: string): Code | undefined {
  return db.select().from(oauthCodes).where(eq(oauthCodes.hash, hash)).get()
}

export function markCodeUsed(tx: Tx, hash: string, at: Date): void {
  tx.update(oauthCodes).set({ usedAt: at }).where(eq(oauthCodes.hash, hash)).run()
}

/** Codes nobody has turned into a token yet. */
export function removeCodes(tx: Tx, which: { app?: number; steward?: number }): void {
  const { app, steward } = which
  const all = and(
    app === undefined ? undefined : eq(oauthCodes.app, app),
    steward === undefined ? undefined : eq(oauthCodes.steward, steward),
  )
  if (all) tx.delete(oauthCodes).where(all).run()
}

/** Every app ends that a steward has let in: they have left, or chosen a new password. */
export function cutOffApps(tx: Tx, steward: number): void {
  removeTokens(tx, { steward })
  removeCodes(tx, { steward })
}

export function forgetOldCodes(tx: Tx, now: Date): void {
  tx.delete(oauthCodes).where(lte(oauthCodes.expiresAt, now)).run()
}

/** Keeps so many apps, forgetting first those that introduced themselves longest ago and may do nothing. */
export function forgetIdleApps(tx: Tx, most: number): void {
  const all = tx.select({ n: count() }).from(apps).get()!.n
  if (all <= most) return
  const idle = tx
    .select({ id: apps.id })
    .from(apps)
    .where(
      sql`not exists (select 1 from tokens t where t.app = ${apps.id}) and not exists (select 1 from oauth_codes c where c.app = ${apps.id})`,
    )
    .orderBy(asc(apps.id))
    .limit(all - most)
  tx.delete(apps).where(inArray(apps.id, idle)).run()
}
