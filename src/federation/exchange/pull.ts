import { newestRecord } from '../../db/record-page.ts'
import { LIMITS } from '../../domain/entry-limit.ts'
import { ask, askForBytes, PeerFault } from './ask.ts'
import { fetchDocuments, missing, moveCursor, take, type Visit } from './documents.ts'
import { FeedPage } from './pages.ts'

// Whoever has that many records already finds what is missing by the tree, and need not read a whole feed.
const FEW_RECORDS = 1_000
type Page = (typeof FeedPage)['_output']

/**
 * Reads a peer's feed from where it was last left, and fetches what is new. Where most of a page is new, whole documents are read from
 * there on: so a node that knows nothing gets everything in few requests.
 * @returns how many entries changed something here, and whether there is more to read
 * @throws PeerFault
 */
export async function pull(visit: Visit): Promise<{ fresh: number; more: boolean }> {
  const { federation, peer } = visit
  let fresh = 0
  let epochs = 0
  for (;;) {
    const page = await ask(federation, peer, `/directory/feed?after=${peer.cursor}&limit=${LIMITS.feedPage}`, FeedPage, {
      maxBytes: LIMITS.listSize,
    })
    if (page.epoch !== peer.epoch && ++epochs > 1) throw new PeerFault('broken', 'Its epoch is never the same.')
    if (page.epoch !== peer.epoch && newEpoch(visit, page)) continue
    checkOrder(page, peer.cursor)
    const wanted = missing(visit, page.items)
    const many = Object.keys(wanted).length
    const last = page.items.at(-1)?.c ?? peer.cursor
    if (many > LIMITS.documentPage / 2 && many > page.items.length / 2) {
      fresh += await readDocuments(visit, page.epoch)
      if (Date.now() > visit.until) return { fresh, more: true }
      continue
    }
    fresh += await fetchDocuments(visit, wanted)
    moveCursor(visit, { cursor: last })
    if (page.next === undefined) return { fresh, more: false }
    if (Date.now() > visit.until) return { fresh, more: true }
  }
}

/** The numbers of before mean nothing now. @returns whether the page that told so can't be used */
function newEpoch(visit: Visit, { epoch, newest }: Page): boolean {
  const { federation, peer } = visit
  const first = peer.epoch === null
  const begin = newestRecord(federation.ctx.db) < FEW_RECORDS
  const usable = first && begin && peer.cursor === 0
  // Whoever reads a feed from its beginning has compared everything.
  const reconcileAt = begin ? null : federation.ctx.now()
  moveCursor(visit, { epoch, cursor: begin ? 0 : newest, confirmationCursor: 0, reconcileAt })
  return !usable
}

function checkOrder({ items, next }: Page, after: number): void {
  const rising = items.every(({ c }, at) => c > (items[at - 1]?.c ?? after))
  if (!rising || (next !== undefined && next !== items.at(-1)?.c)) throw new PeerFault('broken', 'The feed does not go forward.')
}

/** Reads whole documents from the peer's cursor, as long as most of them are new. The next page comes while one is taken in. */
async function readDocuments(visit: Visit, epoch: string): Promise<number> {
  const { peer } = visit
  let fresh = 0
  let coming = fetchPage(visit, peer.cursor)
  for (;;) {
    const body = await coming
    const next = nextOf(body)
    const following = next === undefined ? undefined : fetchPage(visit, next)
    // Whatever becomes of this page is told first.
    following?.catch(() => {})
    const unpacked = await take(visit, { body })
    const { page } = unpacked
    if (!page || page.epoch !== epoch || (page.first > 0 && page.first <= peer.cursor))
      throw new PeerFault('broken', 'The page is another than was asked for.')
    fresh += unpacked.fresh
    if (page.last > peer.cursor) moveCursor(visit, { cursor: page.last })
    if (unpacked.fresh === 0) throw new PeerFault('useless', 'What the feed lists is not there, or nobody wants it.')
    const most = unpacked.fresh > unpacked.known + unpacked.untimely && next === page.last && page.more
    if (!following || !most || Date.now() > visit.until) return fresh
    coming = following
  }
}

function fetchPage({ federation, peer }: Visit, after: number): Promise<Buffer> {
  return askForBytes(federation, peer, `/directory/entries?after=${after}&limit=${LIMITS.documentPage}`)
}

// Where to go on stands at the very end of a page, so that it can be seen before the page is read.
function nextOf(body: Buffer): number | undefined {
  const next = /"next":(\d{1,15})\}\s*$/.exec(body.subarray(-64).toString('latin1'))?.[1]
  return next === undefined ? undefined : Number(next)
}
