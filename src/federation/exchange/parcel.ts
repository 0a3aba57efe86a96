import { setImmediate as breathe } from 'node:timers/promises'
import { hearEntries } from '../../actions/entry.ts'
import type { Context } from '../../context.ts'
import { entryKey, type SignedEntry, type SignedFork } from '../../domain/entry.ts'
import { checkDocument, EntryRefusal } from '../entry-check.ts'
import { PeerFault, readJson } from './ask.ts'
import { DocumentAnswer, DocumentPage } from './pages.ts'

/** A page of documents as it arrived, from which peer, and what was asked for, if that was something in particular: by hash, the community's key and number. */
export type Parcel = { body: Uint8Array; peer: number; now: number; asked?: Record<string, { k: string; seq: number }> }
/** What came of it. */
export type Unpacked = {
  /** How many changed something here, and how many were good, but known. */
  fresh: number
  known: number
  /** How many prove nothing, and how many were never asked for. */
  forged: number
  wrong: number
  /** Not an entry any more, or not yet: clocks differ. */
  untimely: number
  /** Of a page by cursor: its epoch, the last number on it, and whether there is more. */
  page?: { epoch: string; first: number; last: number; more: boolean }
  /** What the page as a whole was, if not a page. */
  fault?: string
}

type Hearing = Pick<Context, 'db' | 'config'>
/** How long a transaction should last at most, in milliseconds: others wait for it. */
const WRITE_MS = 20
const CHECK_MS = 10
/** How many are written at once at first, and how many then, after so many took so many milliseconds. */
export const FIRST_BATCH = 16
export function batchAfter(written: number, tookMs: number): number {
  return Math.max(1, Math.min(200, Math.round((written * WRITE_MS) / Math.max(tookMs, 1)), written * 2))
}

/**
 * Checks every document of a page and hears those that prove themselves: in short transactions, with room for others in between.
 * @param aside whether this runs on a thread of its own, and only the database is shared
 */
export async function unpack({ db, config }: Hearing, parcel: Parcel, aside: boolean): Promise<Unpacked> {
  const now = new Date(parcel.now)
  const out: Unpacked = { fresh: 0, known: 0, forged: 0, wrong: 0, untimely: 0 }
  const documents = open(parcel, out)
  let size = FIRST_BATCH
  // SQLite lets nobody else in who does not find the door open: what is written next is only checked when the last is written.
  for (let at = 0; at < documents.length; ) {
    const proven: (SignedEntry | SignedFork)[] = []
    let since = performance.now()
    for (; at < documents.length && proven.length < size; at++) {
      const signed = check(documents[at], now, out)
      if (signed && isAsked(parcel, signed)) proven.push(signed)
      else if (signed) out.wrong++
      if (aside || performance.now() - since < CHECK_MS) continue
      await breathe()
      since = performance.now()
    }
    if (proven.length === 0) continue
    const begun = performance.now()
    for (const verdict of hearEntries({ db, config, now: () => now }, proven, { peer: parcel.peer })) {
      if (verdict === 'newer' || verdict === 'fork' || verdict === 'quarantine') out.fresh++
      else out.known++
    }
    size = batchAfter(proven.length, performance.now() - begun)
    if (!aside) await breathe()
  }
  return out
}

function open({ body, asked }: Parcel, out: Unpacked): unknown[] {
  try {
    const value = readJson(Buffer.from(body.buffer, body.byteOffset, body.byteLength))
    if (asked) {
      const answer = DocumentAnswer.safeParse(value)
      if (!answer.success) throw new PeerFault('broken', 'is no list of documents')
      return answer.data.items
    }
    const page = DocumentPage.safeParse(value)
    if (!page.success) throw new PeerFault('broken', 'is no page of documents')
    const { items, epoch, next } = page.data
    const numbers = items.map(item => item.c)
    const last = numbers.at(-1) ?? 0
    const rising = numbers.every((c, at) => at === 0 || c > numbers[at - 1]!) && (next === undefined || next === last)
    if (!rising) throw new PeerFault('broken', 'does not go forward')
    out.page = { epoch, first: numbers[0] ?? 0, last, more: next !== undefined }
    return items.map(item => item.entry)
  } catch (error) {
    if (!(error instanceof PeerFault)) throw error
    out.fault = error.message
    return []
  }
}

function check(document: unknown, now: Date, out: Unpacked): SignedEntry | SignedFork | undefined {
  try {
    return checkDocument(document, now)
  } catch (error) {
    // Anything else than a refusal is a document that is deeper than the stack.
    if (!(error instanceof EntryRefusal) && !(error instanceof RangeError)) throw error
    if (error instanceof EntryRefusal && (error.code === 'expired' || error.code === 'future')) out.untimely++
    else out.forged++
    return undefined
  }
}

// A peer that answers a question with something else could make us believe that its feed told the truth.
function isAsked({ asked }: Parcel, signed: SignedEntry | SignedFork): boolean {
  if (!asked) return true
  const line = asked[signed.hash]
  const { document } = 'documents' in signed ? signed.documents[0] : signed
  return line !== undefined && line.seq === document.seq && line.k === entryKey(document.attributedTo)
}
