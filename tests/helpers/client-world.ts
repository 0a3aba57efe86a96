import type { Test } from 'tap'
import { actorOf } from '../../src/db/actor.ts'
import { currentEdition } from '../../src/db/charter.ts'
import { saveEntry } from '../../src/db/directory.ts'
import { transact } from '../../src/db/open.ts'
import { publicCharter } from '../../src/domain/charter.ts'
import { anEntry } from './entries.ts'
import type { TestNode } from './node.ts'

/** What gossip brings: the entry of another node's community, and nothing else of it. */
export function tellOf(t: Test, node: TestNode, other: TestNode): void {
  const edition = currentEdition(other.ctx.db)!
  const [, handle = ''] = /\/c\/(.+)$/.exec(other.actor) ?? []
  const charter = publicCharter(edition.charter)
  const entry = anEntry({
    actor: other.actor,
    url: other.actor,
    host: other.ctx.config.host,
    handle,
    edition: edition.edition,
    publishedAt: edition.publishedAt,
    verifiedAt: node.ctx.now(),
    source: 'network',
    charter,
  })
  transact(node.ctx.db, tx => saveEntry(tx, entry))
  t.equal(actorOf(node.ctx.db, other.actor), undefined, 'its actor has never been fetched')
}
