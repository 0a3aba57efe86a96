import { asc, count, eq } from 'drizzle-orm'
import type { Filter, FilterPost, FilterWord } from '../domain/filter.ts'
import type { Db, Tx } from './open.ts'
import { filterPosts, filters, filterWords } from './schema-client-more.ts'

/** Every filter with what is in it. There are few. */
export function allFilters(db: Db): Filter[] {
  const all = db.select().from(filters).orderBy(asc(filters.id)).all()
  if (all.length === 0) return []
  const words = db.select().from(filterWords).orderBy(asc(filterWords.id)).all()
  const posts = db.select().from(filterPosts).orderBy(asc(filterPosts.id)).all()
  return all.map(filter => ({
    ...filter,
    words: words.filter(one => one.filter === filter.id).map(({ filter: _, ...word }) => word),
    posts: posts.filter(one => one.filter === filter.id).map(({ filter: _, ...post }) => post),
  }))
}

export function filterById(db: Db, id: number): Filter | undefined {
  return allFilters(db).find(filter => filter.id === id)
}

export function filterWordById(db: Db, id: number): (FilterWord & { filter: number }) | undefined {
  return db.select().from(filterWords).where(eq(filterWords.id, id)).get()
}

export function filterPostById(db: Db, id: number): (FilterPost & { filter: number }) | undefined {
  return db.select().from(filterPosts).where(eq(filterPosts.id, id)).get()
}

export function filterCount(db: Db): number {
  return db.select({ n: count() }).from(filters).get()!.n
}

type Head = Omit<Filter, 'id' | 'words' | 'posts'>

export function addFilter(tx: Tx, filter: Head): number {
  return tx.insert(filters).values(filter).returning({ id: filters.id }).get().id
}

export function changeFilter(tx: Tx, id: number, change: Partial<Head>): void {
  if (Object.keys(change).length > 0) tx.update(filters).set(change).where(eq(filters.id, id)).run()
}

/** Its words and posts go with it. */
export function removeFilter(tx: Tx, id: number): void {
  tx.delete(filters).where(eq(filters.id, id)).run()
}

export function addFilterWord(tx: Tx, filter: number, word: Omit<FilterWord, 'id'>): number {
  return tx
    .insert(filterWords)
    .values({ filter, ...word })
    .returning({ id: filterWords.id })
    .get().id
}

export function changeFilterWord(tx: Tx, id: number, word: Partial<Omit<FilterWord, 'id'>>): void {
  if (Object.keys(word).length > 0) tx.update(filterWords).set(word).where(eq(filterWords.id, id)).run()
}

export function removeFilterWord(tx: Tx, id: number): void {
  tx.delete(filterWords).where(eq(filterWords.id, id)).run()
}

export function addFilterPost(tx: Tx, filter: number, post: number): void {
  tx.insert(filterPosts).values({ filter, post }).onConflictDoNothing().run()
}

export function removeFilterPost(tx: Tx, id: number): void {
  tx.delete(filterPosts).where(eq(filterPosts.id, id)).run()
}
