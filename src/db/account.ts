import { and, eq, gt, or, sql } from 'drizzle-orm'
import type { Db, Tx } from './open.ts'
import { prepared } from './prepared.ts'
import { followers, following } from './schema.ts'
import { accountNotes, accounts, followOptions, mutes } from './schema-client.ts'
import { listing } from './statement.ts'

export type Account = { id: number; actor: string; since: Date }

const byId = (db: Db) =>
  db
    .select()
    .from(accounts)
    .where(eq(accounts.id, sql.placeholder('id')))
    .prepare()
const listed = (db: Db) =>
  db
    .select()
    .from(accounts)
    .where(sql`${accounts.actor} in (select value from json_each(${sql.placeholder('actors')}))`)
    .prepare()
const insertAccount = (db: Db) =>
  db
    .insert(accounts)
    .values({ actor: sql.placeholder('actor'), since: sql.placeholder('since') })
    .onConflictDoNothing()
    .prepare()

export function accountById(db: Db, id: number): Account | undefined {
  return prepared(db, byId).get({ id })
}

/** Those of some actors that have a number already. */
export function accountsOf(db: Db, actors: readonly string[]): Account[] {
  return prepared(db, listed).all({ actors: JSON.stringify(actors) })
}

export function addAccounts(tx: Tx, actors: readonly string[], since: Date): void {
  for (const actor of actors) prepared(tx, insertAccount).run({ actor, since })
}

export type Mute = { actor: string; notifications: boolean; since: Date; until: Date | null }

export function muteOf(db: Db, actor: string, now: Date): Mute | undefined {
  return db
    .select()
    .from(mutes)
    .where(and(eq(mutes.actor, actor), or(sql`${mutes.until} is null`, gt(mutes.until, now))))
    .get()
}

export function saveMute(tx: Tx, mute: Mute): void {
  tx.insert(mutes).values(mute).onConflictDoUpdate({ target: mutes.actor, set: mute }).run()
}

export function removeMute(tx: Tx, actor: string): boolean {
  return tx.delete(mutes).where(eq(mutes.actor, actor)).run().changes > 0
}

export function noteOn(db: Db, actor: string): string {
  return db.select({ text: accountNotes.text }).from(accountNotes).where(eq(accountNotes.actor, actor)).get()?.text ?? ''
}

/** An empty one is as good as none. */
export function saveNote(tx: Tx, actor: string, text: string): void {
  if (!text) tx.delete(accountNotes).where(eq(accountNotes.actor, actor)).run()
  else tx.insert(accountNotes).values({ actor, text }).onConflictDoUpdate({ target: accountNotes.actor, set: { text } }).run()
}

export type FollowOptions = { boosts: boolean; notify: boolean }
const AS_USUAL: FollowOptions = { boosts: true, notify: false }

const optionsOf = (db: Db) =>
  db
    .select({ boosts: followOptions.boosts, notify: followOptions.notify })
    .from(followOptions)
    .where(eq(followOptions.actor, sql.placeholder('actor')))
    .prepare()

export function followOptionsOf(db: Db, actor: string): FollowOptions {
  return prepared(db, optionsOf).get({ actor }) ?? AS_USUAL
}

/** Whether the community is to be told of everything the actor says. */
export function isAnnounced(db: Db, actor: string): boolean {
  return listing(db, 'select notify from follow_options where actor = ?').get(actor) === 1
}

export function saveFollowOptions(tx: Tx, actor: string, options: FollowOptions): void {
  tx.insert(followOptions)
    .values({ actor, ...options })
    .onConflictDoUpdate({ target: followOptions.actor, set: options })
    .run()
}

export function removeFollowOptions(tx: Tx, actor: string): void {
  tx.delete(followOptions).where(eq(followOptions.actor, actor)).run()
}

/** Followed or following actors whose handle or name begins with something; for completing a name while it is typed. */
export function neighboursCalled(db: Db, start: string, { onlyFollowed, limit }: { onlyFollowed: boolean; limit: number }): string[] {
  const pattern = `${start.replace(/[\\%_]/g, '\\$&')}%`
  const known = onlyFollowed
    ? db.select({ actor: following.actor }).from(following).where(eq(following.state, 'accepted'))
    : db
        .select({ actor: following.actor })
        .from(following)
        .union(db.select({ actor: followers.actor }).from(followers))
  return db
    .all<{ id: string }>(
      sql`select a.id from (${known}) k join actors a on a.id = k.actor
      where a.gone_at is null and (a.handle like ${pattern} escape '\\' or a.name like ${pattern} escape '\\')
      order by a.handle, a.id limit ${limit}`,
    )
    .map(row => row.id)
}
