import type { Context } from '../context.ts'
import { allBlocks, cutOff, forgetMediaOf, inhabitantsOfAny, removeBlocks, saveBlocks } from '../db/block.ts'
import { tiesByHost } from '../db/block-preview.ts'
import {
  addBlocklist,
  type Blocklist,
  type BlocklistRow,
  blocklistOf,
  markApplied,
  markDrafts,
  markList,
  removeBlocklist,
  rowsOf,
} from '../db/blocklist.ts'
import { allCutTies, rememberTies } from '../db/cut-tie.ts'
import { record } from '../db/event.ts'
import { type Db, type Tx, transact } from '../db/open.ts'
import { everyRecordActor } from '../db/record.ts'
import { type Block, domainOf, withParents } from '../domain/block.ts'
import { type ReadList, readBlocklist } from '../domain/blocklist.ts'
import { Refusal } from '../domain/refusal.ts'
import { tidy } from '../lib/text.ts'
import { forgetRecord } from './directory.ts'
import { type Restored, restoreTies } from './undo-block.ts'

/**
 * Reads a list of servers in as drafts: nothing is blocked before it is applied.
 * @param file CSV as Mastodon exports it, or a domain in each line @param name what it is called here; else by its day
 * @throws Refusal when it is no such list
 */
export function importBlocklist(ctx: Context, file: Uint8Array | string, name: string): ReadList & { id: number } {
  const read = readBlocklist(file, withParents(domainOf(ctx.config.host)))
  if (read.rows.length === 0) {
    const [first] = read.problems
    throw new Refusal('invalid', `No line of this list can be taken. The first is “${first?.text}”.`, [], {
      code: 'noLine',
      text: first?.text ?? '',
    })
  }
  return transact(ctx.db, tx => {
    const id = addBlocklist(tx, tidy(name).slice(0, 100) || ctx.now().toISOString().slice(0, 10), read.rows, ctx.now())
    record(tx, { kind: 'blocklist.imported', subject: String(id), at: ctx.now(), data: { count: String(read.rows.length) } })
    return { ...read, id }
  })
}

/** What a row of a list would change: `standing` is the block there is already, `same` whether it would change nothing. */
export type RowPreview = BlocklistRow & { standing: Block | undefined; same: boolean; followers: string[]; following: string[] }

/** The rows of a list with what each would cut, those that cut ties first. */
export function previewBlocklist(db: Db, list: number): RowPreview[] {
  const standing = blocksByDomain(db)
  const ties = tiesByHost(db)
  const cut = { followers: gather(ties.followers), following: gather(ties.following) }
  const rows = rowsOf(db, list).map(row => {
    const block = standing.get(row.domain)
    const cuts = row.severity === 'suspend' && row.state === 'draft'
    const of = (all: Map<string, string[]>) => (cuts ? (all.get(row.domain) ?? []) : [])
    const same = block !== undefined && (block.severity === 'suspend' || row.severity === 'limit')
    return { ...row, standing: block, same, followers: of(cut.followers), following: of(cut.following) }
  })
  const weight = (row: RowPreview) => row.followers.length + row.following.length
  return rows.sort((a, b) => weight(b) - weight(a) || (a.domain < b.domain ? -1 : 1))
}

/**
 * Blocks the servers of a list that were ticked, all at once. A stronger block that stands already is left as it is.
 * @param ids numbers of rows; without them every row
 * @throws Refusal when there is no such list, or nothing of it is left to apply
 */
export function applyBlocklist(
  ctx: Context,
  list: number,
  ids?: readonly number[],
): { applied: number; followers: number; following: number } {
  const wanted = ids && new Set(ids)
  return transact(ctx.db, tx => {
    theList(tx, list)
    const now = ctx.now()
    const standing = blocksByDomain(tx)
    const wantedRows = rowsOf(tx, list, 'draft').filter(row => !wanted || wanted.has(row.id))
    const rows = wantedRows.filter(({ domain, severity }) => {
      const before = standing.get(domain)?.severity
      return before !== 'suspend' && before !== severity
    })
    saveBlocks(
      tx,
      rows.map(({ domain, severity, comment, rejectMedia, rejectReports, obfuscate }) => {
        const note = standing.get(domain)?.note ?? ''
        return { domain, severity, comment, rejectMedia, rejectReports, obfuscate, note, since: standing.get(domain)?.since ?? now }
      }),
    )
    markApplied(
      tx,
      rows.map(({ id, domain }) => ({ id, before: standing.get(domain) ?? null })),
    )
    const blocked = new Set(rows.map(({ domain }) => domain))
    const suspended = new Set(rows.filter(({ severity }) => severity === 'suspend').map(({ domain }) => domain))
    if (blocked.size === 0) throw new Refusal('conflict', 'Nothing of this list is left to apply: all of it is blocked already.')
    const cut = cutAll(ctx, tx, blocked, suspended)
    // Of those that are suspended nothing is left.
    const withoutMedia = rows.filter(({ severity, rejectMedia }) => severity === 'limit' && rejectMedia).map(({ domain }) => domain)
    if (withoutMedia.length > 0) forgetMediaOf(tx, inhabitantsOfAny(tx, new Set(withoutMedia)).actors)
    markList(tx, list, { appliedAt: now, undoneAt: null })
    record(tx, { kind: 'domains.blocked', subject: String(list), at: now, data: { count: String(blocked.size) } })
    return { applied: blocked.size, ...cut }
  })
}

/** Undoes what a list has blocked, as far as it is still as the list has left it; what stood before stands again. */
export function undoBlocklist(ctx: Context, list: number): Restored & { undone: number } {
  return transact(ctx.db, tx => {
    theList(tx, list)
    const standing = blocksByDomain(tx)
    const rows = rowsOf(tx, list, 'applied')
    const inForce = rows.filter(({ domain, severity }) => standing.get(domain)?.severity === severity)
    if (inForce.length === 0) throw new Refusal('conflict', 'Nothing of this list is in force, so there is nothing to undo.')
    removeBlocks(
      tx,
      inForce.map(({ domain }) => domain),
    )
    saveBlocks(
      tx,
      inForce.flatMap(({ domain, before }) => (before ? [{ ...before, domain, since: standing.get(domain)!.since }] : [])),
    )
    markDrafts(tx, list)
    // When all of them are gone: an actor may be of a subdomain of another row.
    const gone = new Set(inForce.map(({ domain }) => domain))
    const restored = restoreTies(
      ctx,
      tx,
      allCutTies(tx).filter(({ target }) => gone.has(target)),
      true,
    )
    const undone = inForce.length
    markList(tx, list, { undoneAt: ctx.now() })
    record(tx, { kind: 'domains.unblocked', subject: String(list), at: ctx.now(), data: { count: String(undone) } })
    return { undone, ...restored }
  })
}

/** Forgets a list; what it has blocked stays blocked. @throws Refusal when there is no such list */
export function dropBlocklist(ctx: Context, list: number): void {
  transact(ctx.db, tx => {
    theList(tx, list)
    removeBlocklist(tx, list)
  })
}

function theList(db: Db, id: number): Blocklist {
  const list = blocklistOf(db, id)
  if (!list) throw new Refusal('missing', `There is no list numbered ${id}.`)
  return list
}

function cutAll(ctx: Context, tx: Tx, blocked: ReadonlySet<string>, suspended: ReadonlySet<string>) {
  const now = ctx.now()
  const targetIn = (domains: ReadonlySet<string>, actor: string) =>
    withParents(domainOf(new URL(actor).host)).find(part => domains.has(part))
  for (const actor of everyRecordActor(tx)) if (targetIn(blocked, actor)) forgetRecord(tx, actor)
  if (suspended.size === 0) return { followers: 0, following: 0 }
  const found = inhabitantsOfAny(tx, suspended)
  const targets = new Map(found.actors.map(actor => [actor, targetIn(suspended, actor) ?? '']))
  rememberTies(tx, found.actors, actor => targets.get(actor)!, now)
  cutOff(tx, found, now)
  const cut = new Set(targets.values())
  const ties = allCutTies(tx).filter(({ target }) => cut.has(target))
  return {
    followers: ties.filter(({ tie }) => tie === 'follower').length,
    following: ties.filter(({ tie }) => tie === 'following').length,
  }
}

/** By every domain a host is part of. */
function gather(byHost: ReadonlyMap<string, string[]>): Map<string, string[]> {
  const all = new Map<string, string[]>()
  for (const [host, names] of byHost) for (const part of withParents(domainOf(host))) all.set(part, [...(all.get(part) ?? []), ...names])
  return all
}

function blocksByDomain(db: Db): Map<string, Block> {
  return new Map(allBlocks(db).map(block => [block.domain, block]))
}
