import { and, asc, count, eq, inArray, isNotNull, isNull, lt, or, sql } from 'drizzle-orm'
import type { Attachment, HeardAttachment, Use } from '../domain/media.ts'
import type { Db, Tx } from './open.ts'
import { prepared } from './prepared.ts'
import { attachments } from './schema-media.ts'

const shown = {
  id: attachments.id,
  kind: attachments.kind,
  type: attachments.type,
  url: attachments.url,
  file: attachments.file,
  preview: attachments.preview,
  alt: attachments.alt,
  width: attachments.width,
  height: attachments.height,
  blurhash: attachments.blurhash,
  focus: attachments.focus,
}

const ofPost = (db: Db) =>
  db
    .select(shown)
    .from(attachments)
    .where(eq(attachments.post, sql.placeholder('post')))
    .orderBy(asc(attachments.position), asc(attachments.id))
    .prepare()

/** What a post carries, in its order. */
export function attachmentsOf(db: Db, post: number): Attachment[] {
  return prepared(db, ofPost).all({ post })
}

/** The same of many posts at once; posts that carry nothing are not in it. */
export function attachmentsOfAll(db: Db, posts: readonly number[]): Map<number, Attachment[]> {
  const found = new Map<number, Attachment[]>()
  if (posts.length === 0) return found
  const rows = db
    .select({ ...shown, post: attachments.post })
    .from(attachments)
    .where(inArray(attachments.post, [...posts]))
    .orderBy(asc(attachments.position), asc(attachments.id))
    .all()
  for (const { post, ...attachment } of rows) found.set(post!, [...(found.get(post!) ?? []), attachment])
  return found
}

/** A picture of ours that was sent for a post. `post` is the one that has it. */
export function pictureById(db: Db, id: number): (Attachment & { post: number | null }) | undefined {
  const ours = and(eq(attachments.id, id), isNotNull(attachments.file), eq(attachments.use, 'post'))
  return db
    .select({ ...shown, post: attachments.post })
    .from(attachments)
    .where(ours)
    .get()
}

/** The community's own picture, if it has given itself one. */
export function ownFace(db: Db, use: Exclude<Use, 'post'>): Attachment | undefined {
  return prepared(db, face).get({ use })
}

// No post has it: so the few that none has are looked through, and not all there are.
const face = (db: Db) =>
  db
    .select(shown)
    .from(attachments)
    .where(and(isNull(attachments.post), eq(attachments.use, sql.placeholder('use'))))
    .prepare()

/** What the bytes of a file of ours are; undefined if nothing here carries it. */
export function typeOfFile(db: Db, file: string): string | undefined {
  const named = or(eq(attachments.file, file), eq(attachments.preview, file))
  return db.select({ type: attachments.type }).from(attachments).where(named).get()?.type ?? undefined
}

export function addAttachment(tx: Tx, attachment: typeof attachments.$inferInsert): number {
  return tx.insert(attachments).values(attachment).returning({ id: attachments.id }).get().id
}

const given = sql.placeholder
const insertHeard = (db: Db) =>
  db
    .insert(attachments)
    .values({
      post: given('post'),
      position: given('position'),
      kind: given('kind'),
      type: given('type'),
      url: given('url'),
      alt: given('alt'),
      width: given('width'),
      height: given('height'),
      blurhash: given('blurhash'),
      // Through sql, because a prepared JSON value can't be null.
      focus: sql`${given('focus')}`,
      at: given('at'),
    })
    .prepare()

/** What a post of another server carries. */
export function addHeardAttachments(tx: Tx, post: number, heard: readonly HeardAttachment[], at: Date): void {
  for (const [position, { focus, ...one }] of heard.entries())
    prepared(tx, insertHeard).run({ ...one, post, position, at, focus: focus && JSON.stringify(focus) })
}

/** Gives pictures of ours to a post, in this order; what it had besides is gone. */
export function attachPictures(tx: Tx, post: number, ids: readonly number[]): void {
  for (const { id } of attachmentsOf(tx, post)) if (!ids.includes(id)) removePicture(tx, id)
  ids.forEach((id, position) => void tx.update(attachments).set({ post, position }).where(eq(attachments.id, id)).run())
}

export function changePicture(tx: Tx, id: number, change: Partial<Pick<Attachment, 'alt' | 'focus'>>): void {
  if (Object.keys(change).length > 0) tx.update(attachments).set(change).where(eq(attachments.id, id)).run()
}

export function removePicture(tx: Tx, id: number): void {
  tx.delete(attachments).where(eq(attachments.id, id)).run()
}

export function removeFace(tx: Tx, use: Exclude<Use, 'post'>): boolean {
  return tx.delete(attachments).where(eq(attachments.use, use)).run().changes > 0
}

/** The files go later (`tidyMedia`); without a row nobody gets them any more. */
export function removeAttachments(tx: Tx, posts: readonly number[]): void {
  if (posts.length > 0)
    tx.delete(attachments)
      .where(inArray(attachments.post, [...posts]))
      .run()
}

export function removeUnused(tx: Tx, before: Date): number {
  const unused = and(isNull(attachments.post), eq(attachments.use, 'post'), lt(attachments.at, before))
  return tx.delete(attachments).where(unused).run().changes
}

/** How many pictures wait for a post. */
export function unusedCount(db: Db): number {
  return db
    .select({ n: count() })
    .from(attachments)
    .where(and(isNull(attachments.post), eq(attachments.use, 'post')))
    .get()!.n
}
