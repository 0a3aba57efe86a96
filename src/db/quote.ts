import { and, desc, eq, isNull, or, sql } from 'drizzle-orm'
import type { Quote } from '../domain/quote.ts'
import type { Db, Tx } from './open.ts'
import { posts, quotes } from './schema-post.ts'

const number = sql<number>`${quotes}.rowid`
const columns = {
  number,
  stamp: quotes.stamp,
  post: quotes.post,
  actor: quotes.actor,
  quoting: quotes.quoting,
  at: quotes.at,
  revokedAt: quotes.revokedAt,
}

/** Every quote that stands, newest first, with the address of the post that is quoted. */
export function standingQuotes(db: Db): (Quote & { postIri: string })[] {
  return db
    .select({ ...columns, postIri: posts.iri })
    .from(quotes)
    .innerJoin(posts, eq(posts.id, quotes.post))
    .where(and(isNull(quotes.revokedAt), isNull(posts.deletedAt)))
    .orderBy(desc(number))
    .all()
}

export function quoteByStamp(db: Db, stamp: string): Quote | undefined {
  return db.select(columns).from(quotes).where(eq(quotes.stamp, stamp)).get()
}

/** @param which its number or its stamp */
export function quoteNamed(db: Db, which: string): Quote | undefined {
  const numbered = /^\d{1,15}$/.test(which) ? sql`${number} = ${Number(which)}` : undefined
  return db
    .select(columns)
    .from(quotes)
    .where(or(eq(quotes.stamp, which), numbered))
    .get()
}

export function quoteOf(db: Db, post: number, quoting: string): Quote | undefined {
  return db
    .select(columns)
    .from(quotes)
    .where(and(eq(quotes.post, post), eq(quotes.quoting, quoting)))
    .get()
}

export function addQuote(tx: Tx, quote: Omit<Quote, 'number' | 'revokedAt'>): void {
  tx.insert(quotes).values(quote).run()
}

export function revokeQuote(tx: Tx, stamp: string, at: Date): boolean {
  return (
    tx
      .update(quotes)
      .set({ revokedAt: at })
      .where(and(eq(quotes.stamp, stamp), isNull(quotes.revokedAt)))
      .run().changes > 0
  )
}
