import { EMPTY_HASH, leafHash, parentHash, treeChildren, treeRoot } from '../../db/tree.ts'
import { LIMITS, TREE_DEPTH } from '../../domain/entry-limit.ts'
import { ask, PeerFault } from './ask.ts'
import { fetchDocuments, missing, type Visit } from './documents.ts'
import { LeafPage, TreePage } from './pages.ts'

/** A node of the tree: its prefix, and the hash its parent has for it. */
type Branch = { p: string; hash: Buffer }

/**
 * Compares this node's tree with a peer's, from the root down to the leaves that differ, and fetches what is missing there. Every answer
 * must have the hash that the answer above it gave, so that a peer can't send us round in circles.
 * @returns how many entries changed something here, and whether everything was compared
 * @throws PeerFault
 */
export async function reconcile(visit: Visit): Promise<{ fresh: number; whole: boolean }> {
  const { federation, peer } = visit
  const top = await ask(federation, peer, '/directory/tree', TreePage, { maxBytes: LIMITS.listSize })
  const root = Buffer.from(top.root, 'hex')
  if (root.equals(treeRoot(federation.ctx.db))) return { fresh: 0, whole: true }
  let level = differing(visit, [{ p: '', hash: root }], top.nodes)
  for (let depth = 1; depth < TREE_DEPTH; depth++) {
    const next: Branch[] = []
    for (const some of batches(level)) {
      const { nodes } = await ask(federation, peer, `/directory/tree?p=${some.map(({ p }) => p).join(',')}`, TreePage, {
        maxBytes: LIMITS.listSize,
      })
      next.push(...differing(visit, some, nodes))
      if (Date.now() > visit.until) return { fresh: 0, whole: false }
    }
    level = next
  }
  return readLeaves(visit, level)
}

/** The children that differ from ours, of nodes as they were asked for. */
function differing(
  { federation: { ctx } }: Visit,
  asked: readonly Branch[],
  nodes: { p: string; children: (string | null)[] }[],
): Branch[] {
  const ours = treeChildren(
    ctx.db,
    asked.map(({ p }) => p),
  )
  return asked.flatMap(({ p, hash }, index) => {
    const children = nodes.find(node => node.p === p)?.children.map(child => (child === null ? null : Buffer.from(child, 'hex')))
    if (!children || !hash.equals(hashOver(children)))
      throw new PeerFault('broken', 'Its tree is none: a node is not what its parent says.')
    return children.flatMap((child, at) => {
      const own = ours[index]!.children[at] ?? null
      return child === null || (own && child.equals(own)) ? [] : [{ p: p + at.toString(16), hash: child }]
    })
  })
}

function hashOver(children: readonly (Buffer | null)[]): Buffer {
  const present = children.flatMap((child, at): [number, Buffer][] => (child ? [[at, child]] : []))
  return parentHash(new Map(present), 0) ?? EMPTY_HASH
}

async function readLeaves(visit: Visit, leaves: readonly Branch[]): Promise<{ fresh: number; whole: boolean }> {
  let fresh = 0
  for (const some of batches(leaves)) {
    let left = some
    while (left.length > 0) {
      const path = `/directory/leaf?p=${left.map(({ p }) => p).join(',')}`
      const answer = await ask(visit.federation, visit.peer, path, LeafPage, { maxBytes: LIMITS.listSize })
      const found = new Map(answer.leaves.map(leaf => [leaf.p, leaf.items]))
      const answered = left.filter(({ p }) => found.has(p))
      if (answered.length === 0) throw new PeerFault('broken', 'It has a leaf, and does not show it.')
      for (const { p, hash } of answered) checkLeaf(p, hash, found.get(p)!)
      fresh += await fetchDocuments(
        visit,
        missing(
          visit,
          answered.flatMap(({ p }) => found.get(p)!.map(([k, seq, h]) => ({ k, seq, h }))),
        ),
      )
      left = left.filter(({ p }) => !found.has(p))
      if (Date.now() > visit.until) return { fresh, whole: false }
    }
  }
  return { fresh, whole: true }
}

function checkLeaf(p: string, hash: Buffer, items: [string, number, string][]): void {
  const read = items.map(([k, seq, h]) => ({ key: Buffer.from(k, 'hex'), seq, hash: Buffer.from(h, 'hex') }))
  const rising = items.every(([k], at) => k.startsWith(p) && (at === 0 || k > items[at - 1]![0]))
  // It may have changed since its parent was read; then there is another time.
  const same = leafHash(read)?.equals(hash)
  if (!rising || (!same && items.length >= LIMITS.leafPage)) throw new PeerFault('broken', 'A leaf of its tree is out of order.')
  if (!same) throw new PeerFault('useless', 'A leaf of its tree is not what its parent says.')
}

function* batches<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < all.length; at += LIMITS.treePage) yield all.slice(at, at + LIMITS.treePage)
}
