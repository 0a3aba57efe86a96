import { and, asc, count, desc, eq, gte, inArray, isNotNull, isNull, like, lte, or, sql } from 'drizzle-orm'
import { type Inquiry, type InquiryMessage, type InquiryState, welcomesInquiries } from '../domain/inquiry.ts'
import { currentEdition } from './charter.ts'
import { localCommunity } from './community.ts'
import type { Db, Tx } from './open.ts'
import { inquiries, inquiryMessages } from './schema-inquiry.ts'
import { posts } from './schema-post.ts'
import { setting } from './setting.ts'

/** The name of the setting that holds the steward's decision. */
export const INQUIRIES = 'inquiries'

/** Whether strangers may write to the community now. */
export function takesInquiries(db: Db): boolean {
  const charter = currentEdition(db)?.charter
  const community = localCommunity(db)
  return Boolean(charter && community && welcomesInquiries(charter, community.listed, decidedInquiries(db)))
}

/** What the steward has decided about it, whatever the charter says. */
export function decidedInquiries(db: Db): 'yes' | 'no' | undefined {
  const decided = setting(db, INQUIRIES)
  return decided === 'yes' || decided === 'no' ? decided : undefined
}

/** Those still to be dealt with, or all; those that are held last, the newest word first. */
export function allInquiries(db: Db, { settled = false } = {}): (Inquiry & { messages: number })[] {
  const said = db
    .select({ inquiry: inquiryMessages.inquiry, n: count().as('n') })
    .from(inquiryMessages)
    .groupBy(inquiryMessages.inquiry)
    .as('said')
  return db
    .select({ inquiry: inquiries, messages: said.n })
    .from(inquiries)
    .leftJoin(said, eq(said.inquiry, inquiries.id))
    .where(settled ? undefined : isNull(inquiries.settledAt))
    .orderBy(asc(inquiries.held), desc(inquiries.changedAt), desc(inquiries.id))
    .all()
    .map(({ inquiry, messages }) => ({ ...inquiry, messages: messages ?? 0 }))
}

export function inquiryOf(db: Db, id: number): Inquiry | undefined {
  return db.select().from(inquiries).where(eq(inquiries.id, id)).get()
}

export function inquiryByToken(db: Db, hash: string): Inquiry | undefined {
  return db.select().from(inquiries).where(eq(inquiries.tokenHash, hash)).get()
}

/** The inquiry in which a post was said. */
export function inquiryWithPost(db: Db, post: number): Inquiry | undefined {
  return db
    .select({ inquiry: inquiries })
    .from(inquiryMessages)
    .innerJoin(inquiries, eq(inquiries.id, inquiryMessages.inquiry))
    .where(eq(inquiryMessages.post, post))
    .get()?.inquiry
}

/** How many wait for the community to say something: unsettled ones whose last word is the seeker's. */
export function waitingInquiries(db: Db): number {
  const last = sql`(select m.voice from ${inquiryMessages} m where m.inquiry = ${inquiries.id} and m.voice <> 'note' order by m.id desc limit 1)`
  return db
    .select({ n: count() })
    .from(inquiries)
    .where(and(isNull(inquiries.settledAt), eq(last, 'seeker')))
    .get()!.n
}

/** The one of an actor that is not settled yet. */
export function openInquiryOf(db: Db, actor: string): Inquiry | undefined {
  return db
    .select()
    .from(inquiries)
    .where(and(eq(inquiries.actor, actor), isNull(inquiries.settledAt)))
    .orderBy(desc(inquiries.id))
    .get()
}

/** Oldest first. `html` is what a post says, where it was said in one. */
export function messagesOf(db: Db, inquiry: number): (InquiryMessage & { html: string | null })[] {
  return db
    .select({ message: inquiryMessages, html: posts.content })
    .from(inquiryMessages)
    .leftJoin(posts, eq(posts.id, inquiryMessages.post))
    .where(eq(inquiryMessages.inquiry, inquiry))
    .orderBy(asc(inquiryMessages.id))
    .all()
    .map(({ message: { inquiry: _, ...message }, html }) => ({ ...message, html }))
}

export function addInquiry(tx: Tx, inquiry: Omit<Inquiry, 'id'>): number {
  return tx.insert(inquiries).values(inquiry).returning({ id: inquiries.id }).get().id
}

export function addMessage(tx: Tx, inquiry: number, message: Omit<InquiryMessage, 'id'>): void {
  tx.insert(inquiryMessages)
    .values({ inquiry, ...message })
    .run()
}

export function saidBySeeker(db: Db, inquiry: number): number {
  const his = and(eq(inquiryMessages.inquiry, inquiry), eq(inquiryMessages.voice, 'seeker'))
  return db.select({ n: count() }).from(inquiryMessages).where(his).get()!.n
}

export function changeInquiry(tx: Tx, id: number, changes: Partial<Omit<Inquiry, 'id'>>): void {
  tx.update(inquiries).set(changes).where(eq(inquiries.id, id)).run()
}

/** How many came by the form since; only those still held if wanted. */
export function formsSince(db: Db, since: Date, { held = false } = {}): number {
  const all = and(gte(inquiries.at, since), isNotNull(inquiries.tokenHash), held ? eq(inquiries.held, true) : undefined)
  return db.select({ n: count() }).from(inquiries).where(all).get()!.n
}

/** How many came since as posts of one server. @param origin scheme and host */
export function postsSince(db: Db, origin: string, since: Date): number {
  const escaped = origin.replace(/[%_]/g, '')
  return db
    .select({ n: count() })
    .from(inquiries)
    .where(and(gte(inquiries.at, since), like(inquiries.actor, `${escaped}/%`)))
    .get()!.n
}

/** Those nobody needs any more: settled before `settled`, or held since `held` and never looked at. */
export function outlivedInquiries(db: Db, settled: Date, held: Date): Inquiry[] {
  const untouched: InquiryState[] = ['new']
  const old = and(eq(inquiries.held, true), inArray(inquiries.state, untouched), lte(inquiries.changedAt, held))
  return db
    .select()
    .from(inquiries)
    .where(or(lte(inquiries.settledAt, settled), old))
    .all()
}

export function removeInquiry(tx: Tx, id: number): void {
  tx.delete(inquiryMessages).where(eq(inquiryMessages.inquiry, id)).run()
  tx.delete(inquiries).where(eq(inquiries.id, id)).run()
}
