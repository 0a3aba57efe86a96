import { and, asc, eq, gt, isNotNull, isNull, ne } from 'drizzle-orm'
import type { Db } from './open.ts'
import { activities, actorBlocks, actors, blocks, events, followers, following } from './schema.ts'
import { inquiries, inquiryMessages, pledges } from './schema-inquiry.ts'
import { attachments } from './schema-media.ts'
import { posts, reports } from './schema-post.ts'

const AT_ONCE = 200

/** Ids of those that follow, or are followed, and have been accepted; oldest first, with their addresses where they are known. */
export function tiedTo(db: Db, which: 'followers' | 'following'): { actor: string; address: string }[] {
  const table = which === 'followers' ? followers : following
  return db
    .select({ actor: table.actor, handle: actors.handle, host: actors.host })
    .from(table)
    .leftJoin(actors, eq(actors.id, table.actor))
    .where(eq(table.state, 'accepted'))
    .orderBy(asc(table.since), asc(table.actor))
    .all()
    .map(({ actor, handle, host }) => ({ actor, address: handle ? `${handle}@${host}` : actor }))
}

/** Activities that stand in the outbox, oldest first, as they were sent. */
export function* openActivities(db: Db, actor: string): Generator<string> {
  for (let after = 0; ; ) {
    const his = and(eq(activities.actor, actor), eq(activities.public, true), gt(activities.id, after))
    const rows = db.select().from(activities).where(his).orderBy(asc(activities.id)).limit(AT_ONCE).all()
    for (const { body } of rows) yield body
    if (rows.length < AT_ONCE) return
    after = rows.at(-1)!.id
  }
}

export type KeptPost = typeof posts.$inferSelect & { carries: (typeof attachments.$inferSelect)[] }

/** Posts with what they carry: the community's own, or those of others that are kept here. What was deleted is not among them. */
export function* keptPosts(db: Db, whose: 'own' | 'others'): Generator<KeptPost> {
  for (let after = 0; ; ) {
    const wanted = and(eq(posts.local, whose === 'own'), isNull(posts.deletedAt), gt(posts.id, after))
    const rows = db.select().from(posts).where(wanted).orderBy(asc(posts.id)).limit(AT_ONCE).all()
    for (const row of rows)
      yield { ...row, carries: db.select().from(attachments).where(eq(attachments.post, row.id)).orderBy(asc(attachments.position)).all() }
    if (rows.length < AT_ONCE) return
    after = rows.at(-1)!.id
  }
}

/** The community's own faces: its avatar and header. */
export function facesOf(db: Db): string[] {
  const rows = db
    .select({ file: attachments.file })
    .from(attachments)
    .where(and(ne(attachments.use, 'post'), isNotNull(attachments.file)))
    .all()
  return rows.flatMap(({ file }) => file ?? [])
}

/** What was said in private, without what opens private pages. */
export function privateWords(db: Db): Record<string, unknown[]> {
  const without = ({ tokenHash: _, ...row }: { tokenHash: string | null } & Record<string, unknown>) => row
  return {
    inquiries: db
      .select()
      .from(inquiries)
      .all()
      .map(row => ({
        ...without(row),
        messages: db.select().from(inquiryMessages).where(eq(inquiryMessages.inquiry, row.id)).orderBy(asc(inquiryMessages.id)).all(),
      })),
    pledges: db.select().from(pledges).all().map(without),
    reports: db.select().from(reports).orderBy(asc(reports.id)).all(),
    blocks: db.select().from(blocks).all(),
    'blocked-actors': db.select().from(actorBlocks).all(),
    events: db.select().from(events).orderBy(asc(events.id)).all(),
  }
}
