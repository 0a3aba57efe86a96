import { sql } from 'drizzle-orm'
import type { Actor } from '../domain/actor.ts'
import type { Db } from './open.ts'
import { prepared } from './prepared.ts'
import { actors } from './schema.ts'
import { statement } from './statement.ts'

const byIds = (db: Db) =>
  db
    .select()
    .from(actors)
    .where(sql`${actors.id} in (select value from json_each(${sql.placeholder('ids')}))`)
    .prepare()

/** Actors as their origins last described them, by their ids. */
export function actorsByIds(db: Db, ids: readonly string[]): Map<string, Actor> {
  return new Map(
    prepared(db, byIds)
      .all({ ids: JSON.stringify(ids) })
      .map(actor => [actor.id, actor]),
  )
}

/** Posts of others are counted so far: who has more has many. */
const MOST_COUNTED = 1_000
const OPEN = "deleted_at is null and visibility in ('public', 'unlisted')"

/** What is known here of an actor: others know of more. */
export type Figures = { posts: number; lastAt: Date | null; followed: boolean; follows: boolean }

/** How many posts of each actor everybody may read here, when the last was said, and whether the community and it follow each other. */
export function figuresOf(db: Db, authors: readonly string[]): Map<string, Figures> {
  const text = `select value,
    (select count(*) from (select 1 from posts indexed by posts_author where author = value and ${OPEN} limit ${MOST_COUNTED})),
    (select published_at from posts indexed by posts_author where author = value and ${OPEN} order by published_at desc limit 1),
    exists (select 1 from following where actor = value and state = 'accepted'),
    exists (select 1 from followers where actor = value and state = 'accepted')
    from json_each(?)`
  const rows = statement(db, text).all(JSON.stringify(authors)) as [string, number, number | null, number, number][]
  return new Map(
    rows.map(([author, posts, at, followed, follows]) => [
      author,
      { posts, lastAt: at === null ? null : new Date(at), followed: followed === 1, follows: follows === 1 },
    ]),
  )
}

/** What there is between the community and an actor. */
export type Ties = {
  following: 'pending' | 'accepted' | 'rejected' | null
  follower: 'pending' | 'accepted' | null
  boosts: boolean
  notify: boolean
  blocked: boolean
  muted: boolean
  muteNotifications: boolean
  mutedUntil: Date | null
  note: string
}

export function tiesOf(db: Db, ids: readonly string[], now: Date): Map<string, Ties> {
  const text = `select value, g.state, f.state, o.boosts, o.notify, b.actor is not null, m.actor is not null, m.notifications, m.until, n.text
    from json_each(?)
    left join following g on g.actor = value
    left join followers f on f.actor = value
    left join follow_options o on o.actor = value
    left join actor_blocks b on b.actor = value
    left join mutes m on m.actor = value and (m.until is null or m.until > ?)
    left join account_notes n on n.actor = value`
  type Row = [
    string,
    Ties['following'],
    Ties['follower'],
    number | null,
    number | null,
    number,
    number,
    number | null,
    number | null,
    string | null,
  ]
  const rows = statement(db, text).all(JSON.stringify(ids), now.getTime()) as Row[]
  return new Map(
    rows.map(([id, following, follower, boosts, notify, blocked, muted, silent, until, note]) => [
      id,
      {
        following,
        follower,
        boosts: boosts !== 0,
        notify: notify === 1,
        blocked: blocked === 1,
        muted: muted === 1,
        muteNotifications: silent === 1,
        mutedUntil: until === null ? null : new Date(until),
        note: note ?? '',
      },
    ]),
  )
}
