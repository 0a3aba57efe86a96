import { eq } from 'drizzle-orm'
import { type Window, windowed } from '../domain/window.ts'
import type { Db, Tx } from './open.ts'
import { bookmarks } from './schema-client.ts'
import { statement } from './statement.ts'

export function addBookmark(tx: Tx, post: number, at: Date): void {
  tx.insert(bookmarks).values({ post, at }).onConflictDoNothing().run()
}

export function removeBookmark(tx: Tx, post: number): void {
  tx.delete(bookmarks).where(eq(bookmarks.post, post)).run()
}

export function isBookmarked(db: Db, post: number): boolean {
  return db.select({ id: bookmarks.id }).from(bookmarks).where(eq(bookmarks.post, post)).get() !== undefined
}

/** Rows of a list of posts: the number it is counted by, and that of the item of the post. */
export type Listed = { rows: { cursor: number; item: number }[]; more: boolean }

const bounds = ({ below = Number.MAX_SAFE_INTEGER, above = 0 }: Window) => [below, above]

function listed(db: Db, window: Window, text: (order: 'asc' | 'desc') => string, values: readonly unknown[]): Listed {
  return windowed(window, (order, most) =>
    (statement(db, text(order)).all(...bounds(window), ...values, most) as [number, number][]).map(([cursor, item]) => ({ cursor, item })),
  )
}

/** What is bookmarked, the latest first. */
export function bookmarkPage(db: Db, window: Window): Listed {
  return listed(
    db,
    window,
    order => `select b.id, t.id from bookmarks b join posts p on p.id = b.post and p.deleted_at is null
      join timeline_items t on t.post = b.post and t.boost = 0 where b.id < ? and b.id > ? order by b.id ${order} limit ?`,
    [],
  )
}

/** What an actor likes, the latest first. */
export function likedPage(db: Db, window: Window, actor: string): Listed {
  return listed(
    db,
    window,
    order => `select r.rowid, t.id from reactions r join posts p on p.id = r.post and p.deleted_at is null
      join timeline_items t on t.post = r.post and t.boost = 0
      where r.rowid < ? and r.rowid > ? and r.actor = ? and r.kind = 'like' order by r.rowid ${order} limit ?`,
    [actor],
  )
}

/** Who likes or boosts a post, the latest first. */
export function reactorPage(
  db: Db,
  window: Window,
  post: number,
  kind: 'like' | 'boost',
): { rows: { cursor: number; actor: string }[]; more: boolean } {
  return windowed(window, (order, most) => {
    const text = `select rowid, actor from reactions where rowid < ? and rowid > ? and post = ? and kind = ? order by rowid ${order} limit ?`
    const rows = statement(db, text).all(...bounds(window), post, kind, most) as [number, string][]
    return rows.map(([cursor, actor]) => ({ cursor, actor }))
  })
}
