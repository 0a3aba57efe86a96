import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { INQUIRY_STATES, WISHES } from '../domain/inquiry.ts'
import { posts } from './schema-post.ts'

const instant = () => integer({ mode: 'timestamp_ms' })

/** What seekers asked the community in private, by the form or by a direct post. Rows are erased for good. */
export const inquiries = sqliteTable(
  'inquiries',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    /** SHA-256 of what opens its private page; null where it came as a post. */
    tokenHash: text(),
    /** IRI of the actor that wrote it as a post. */
    actor: text(),
    state: text({ enum: INQUIRY_STATES }).notNull(),
    /** Sent without a proof of work: the steward looks first whether anybody means it. */
    held: integer({ mode: 'boolean' }).notNull(),
    wish: text({ enum: WISHES }).notNull(),
    name: text(),
    contact: text(),
    /** BCP 47: the language its form was in. */
    language: text(),
    at: instant().notNull(),
    changedAt: instant().notNull(),
    settledAt: instant(),
  },
  table => [uniqueIndex('inquiries_token').on(table.tokenHash), index('inquiries_actor').on(table.actor)],
)

/** What was said in an inquiry. Of what came or went as a post only the post is named. */
export const inquiryMessages = sqliteTable(
  'inquiry_messages',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    inquiry: integer()
      .notNull()
      .references(() => inquiries.id),
    voice: text({ enum: ['seeker', 'steward', 'note'] }).notNull(),
    text: text().notNull(),
    post: integer().references(() => posts.id),
    at: instant().notNull(),
  },
  table => [index('inquiry_messages_inquiry').on(table.inquiry), index('inquiry_messages_post').on(table.post)],
)

/** Who would come if enough others did. Rows are erased for good. */
export const pledges = sqliteTable(
  'pledges',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    tokenHash: text().notNull(),
    name: text(),
    contact: text(),
    language: text(),
    /** Sent without a proof of work: not counted until the steward lets it in. */
    held: integer({ mode: 'boolean' }).notNull(),
    at: instant().notNull(),
    /** When it is to be told by a direct post that there are enough; null where there is nothing to tell, or no more. */
    dueAt: instant(),
    attempts: integer().notNull().default(0),
  },
  table => [uniqueIndex('pledges_token').on(table.tokenHash), index('pledges_due').on(table.dueAt)],
)

/** Forms that have been sent, so that none counts twice; until they would be too old anyhow. */
export const spentTickets = sqliteTable('spent_tickets', { hash: text().primaryKey(), until: instant().notNull() })
