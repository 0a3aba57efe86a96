import type { Post } from '../domain/post.ts'
import { cutWords, soughtTokens, tokensOf } from '../domain/search-token.ts'
import type { Db, Tx } from './open.ts'
import { saveSetting, setting } from './setting.ts'
import { listing, statement, writing } from './statement.ts'

// The words of posts, by which their community finds them again. Posts are taken in a while after they came, beside everything else.

/** Up to which post the words are taken in. */
const TAKEN_IN = 'postWords'
/** Of a word that everybody uses, only so many posts are looked at, the newest. */
const MOST_LOOKED_AT = 5_000

type Row = [id: number, name: string | null, summary: string | null, content: string, details: string | null]

/** Whether there are posts that are new or were changed. */
export function areWordsDue(db: Db): boolean {
  const text = 'select exists (select 1 from posts where id > ?) or exists (select 1 from post_words_due)'
  return listing(db, text).get(takenIn(db)) === 1
}

function takenIn(db: Db): number {
  return Number(setting(db, TAKEN_IN) ?? 0)
}

/** Takes in the words of some posts that are new or were changed. @returns of how many */
export function takeInWords(tx: Tx, limit: number): number {
  const columns = 'select p.id, p.name, p.summary, p.content, p.details from'
  const changed = statement(tx, `${columns} post_words_due d cross join posts p on p.id = d.post limit ?`).all(limit) as Row[]
  const fresh = statement(tx, `${columns} posts p where p.id > ? order by p.id limit ?`).all(takenIn(tx), limit - changed.length) as Row[]
  for (const [id, ...words] of [...changed, ...fresh]) {
    writing(tx, 'delete from post_words where rowid = ?').run(id)
    writing(tx, 'insert into post_words (rowid, words) values (?, ?)').run(id, tokensIn(words))
  }
  for (const [id] of changed) writing(tx, 'delete from post_words_due where post = ?').run(id)
  const newest = fresh.at(-1)
  if (newest) saveSetting(tx, TAKEN_IN, String(newest[0]))
  return changed.length + fresh.length
}

function tokensIn([name, summary, content, details]: readonly (string | null)[]): string {
  const { options = [] } = details ? ((JSON.parse(details) as Post['details']) ?? {}) : {}
  // Sanitised already: between tags and entities there are only words.
  const said = content?.replace(/<[^>]*>|&#?\w+;/g, ' ')
  const text = [name, summary, said, ...options.map(option => option.name)].filter(Boolean).join('\n')
  return [...new Set(cutWords(text).flatMap(tokensOf))].join(' ')
}

/** A post does not say any more what it said. What it says now is taken in later. */
export function changeWords(tx: Tx, iri: string): void {
  writing(tx, 'delete from post_words where rowid = (select id from posts where iri = ?)').run(iri)
  writing(tx, 'insert or ignore into post_words_due select id from posts where iri = ?').run(iri)
}

/** Before the posts themselves go. @param iri only of this one */
export function dropWords(tx: Tx, author: string, iri?: string): void {
  const text = 'delete from post_words where rowid in (select id from posts where author = ?'
  if (iri === undefined) writing(tx, `${text})`).run(author)
  else writing(tx, `${text} and iri = ?)`).run(author, iri)
}

export type PostQuery = { words: string; author?: string | undefined; below?: number | undefined; above?: number | undefined }

/**
 * What the community, those it follows and those that speak to it have said with all of some words, the newest first, as numbers of items;
 * who is muted is left out. What a relay brought of others is not looked through: nobody asked them.
 */
export function postsWith(
  db: Db,
  { words, author, below = Number.MAX_SAFE_INTEGER, above = 0 }: PostQuery,
  { me, now, limit, offset }: { me: string; now: Date; limit: number; offset: number },
): number[] {
  const tokens = [...new Set(cutWords(words).flatMap(soughtTokens))]
  if (tokens.length === 0) return []
  const text = `select t.id from (select rowid post from post_words where post_words match ? order by rowid desc limit ${MOST_LOOKED_AT}) w
    cross join posts p on p.id = w.post
    cross join timeline_items t on t.post = p.id and t.boost = 0
    where p.deleted_at is null and t.id < ? and t.id > ? and p.author = coalesce(?, p.author)
      and (p.local or exists (select 1 from following f where f.actor = p.author and f.state = 'accepted')
        or exists (select 1 from mentions n where n.post = p.id and n.actor = ?))
      and not exists (select 1 from mutes m where m.actor = p.author and (m.until is null or m.until > ?))
    order by w.post desc limit ? offset ?`
  const match = tokens.map(token => `"${token}"`).join(' ')
  return listing(db, text).all(match, below, above, author ?? null, me, now.getTime(), limit, offset) as number[]
}
