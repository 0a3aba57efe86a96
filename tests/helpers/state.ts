import { createHash } from 'node:crypto'
import type { Connection } from '../../src/db/open.ts'

// What strangers must not be able to change. That something was received, and when an actor was last read, may change.
const TABLES: Record<string, string> = {
  settings: '*',
  communities: '*',
  charters: '*',
  keys: '*',
  actors: 'id, type, handle, host, name, summary, url, inbox, shared_inbox, gone_at',
  actor_keys: 'id, actor, algorithm, public_key',
  followers: '*',
  following: '*',
  posts: '*',
  attachments: 'post, position, use, kind, type, url, file, alt',
  post_edits: 'post, content',
  notices: 'kind, actor, post',
  entries: 'actor, host, handle, name, charter, edition, source',
  records: 'actor, kind, state, seq, hash',
  contenders: 'actor, hash',
  events: 'kind, subject',
  activities: 'iri, type, body',
  errands: 'actor, object',
  reactions: 'post, actor, kind, iri',
  mentions: '*',
  votes: '*',
  quotes: 'post, actor, quoting, revoked_at',
  reports: 'iri, reporter, target, posts, comment',
  drafts: '*',
  inquiries: '*',
  inquiry_messages: '*',
  pledges: '*',
  actor_blocks: 'actor, iri, comment',
  cut_ties: 'target, tie, actor, follow_id, state',
  blocklists: '*',
  blocklist_rows: '*',
  relays: 'inbox, actor, follow_id, state',
  blocks: '*',
  stewards: '*',
  steward_sessions: 'token_hash, steward, proven_at',
  recovery_codes: '*',
  invitations: '*',
  apps: 'client_id, name, redirect_uris, scopes',
  tokens: 'hash, app, steward, scopes',
  oauth_codes: 'hash, app, steward',
  timeline_items: 'post, actor, boost, home',
  post_tags: '*',
  bookmarks: 'post',
  mutes: 'actor, notifications',
  account_notes: '*',
  follow_options: '*',
  markers: '*',
}

/** One hash over everything a node knows and says, but for the tables of `except`: equal before and after means that nothing has taken effect. */
export function stateHash({ $client }: Connection, except: readonly string[] = []): string {
  const hash = createHash('sha256')
  for (const [table, columns] of Object.entries(TABLES)) {
    if (except.includes(table)) continue
    const order = /[,*]/.test(columns) ? '1, 2' : '1'
    const rows = $client.prepare(`select ${columns} from ${table} order by ${order}`).raw().all()
    hash.update(table).update(JSON.stringify(rows))
  }
  return hash.digest('hex')
}
