import { and, asc, eq, gt, inArray } from 'drizzle-orm'
import type { ReadingList } from '../domain/reading-list.ts'
import type { Window } from '../domain/window.ts'
import type { Db, Tx } from './open.ts'
import { listMembers, readingLists } from './schema-client-more.ts'
import { type Page, timelinePage } from './timeline.ts'

export function allLists(db: Db): ReadingList[] {
  return db.select().from(readingLists).orderBy(asc(readingLists.id)).all()
}

export function listById(db: Db, id: number): ReadingList | undefined {
  return db.select().from(readingLists).where(eq(readingLists.id, id)).get()
}

/** Lists an actor is in. */
export function listsWith(db: Db, actor: string): ReadingList[] {
  const those = db.select({ list: listMembers.list }).from(listMembers).where(eq(listMembers.actor, actor))
  return db.select().from(readingLists).where(inArray(readingLists.id, those)).orderBy(asc(readingLists.id)).all()
}

export function addList(tx: Tx, list: Omit<ReadingList, 'id'>): ReadingList {
  return tx.insert(readingLists).values(list).returning().get()
}

export function changeList(tx: Tx, id: number, change: Partial<Omit<ReadingList, 'id'>>): void {
  if (Object.keys(change).length > 0) tx.update(readingLists).set(change).where(eq(readingLists.id, id)).run()
}

export function removeList(tx: Tx, id: number): void {
  tx.delete(readingLists).where(eq(readingLists.id, id)).run()
}

/** Members in the order of their names. @param after the last one of the page before */
export function listMembersOf(db: Db, list: number, after = '', limit = -1): string[] {
  return db
    .select({ actor: listMembers.actor })
    .from(listMembers)
    .where(and(eq(listMembers.list, list), gt(listMembers.actor, after)))
    .orderBy(asc(listMembers.actor))
    .limit(limit)
    .all()
    .map(row => row.actor)
}

export function addMember(tx: Tx, list: number, actor: string): boolean {
  return tx.insert(listMembers).values({ list, actor }).onConflictDoNothing().run().changes > 0
}

export function removeMember(tx: Tx, list: number, actor: string): void {
  tx.delete(listMembers)
    .where(and(eq(listMembers.list, list), eq(listMembers.actor, actor)))
    .run()
}

const MEMBER = 'select l.actor from list_members l where l.list = ?'
const ANSWERED = 'select q.author from posts q where q.iri = p.in_reply_to'

/** What the members of a list say and boost, and of their answers those the list shows. */
export function listTimeline(db: Db, window: Window, { id, replies }: ReadingList, now: Date): Page {
  if (replies === 'none') return timelinePage(db, window, `t.actor in (${MEMBER}) and (t.boost or p.in_reply_to is null)`, [id], now)
  if (replies === 'followed') {
    const where = `t.actor in (${MEMBER}) and (t.boost or p.in_reply_to is null or exists (select 1 from following f where f.actor in (${ANSWERED})))`
    return timelinePage(db, window, where, [id], now)
  }
  const where = `t.actor in (${MEMBER}) and (t.boost or p.in_reply_to is null or (${ANSWERED}) in (${MEMBER}))`
  return timelinePage(db, window, where, [id, id], now)
}

/** Which lists show an item as it comes in. */
export function listsShowing(db: Db, actor: string): number[] {
  return db
    .select({ list: listMembers.list })
    .from(listMembers)
    .where(eq(listMembers.actor, actor))
    .all()
    .map(row => row.list)
}
