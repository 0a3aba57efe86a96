import type { LookupAddress } from 'node:dns'
import t from 'tap'
import { publishCharter } from '../src/actions/charter.ts'
import { changeSettings } from '../src/actions/community.ts'
import { directorySize } from '../src/db/directory.ts'
import type { EntryRecord } from '../src/db/record.ts'
import { recordOf } from '../src/db/record.ts'
import { publishEntry } from '../src/federation/entry.ts'
import { createFetcher } from '../src/federation/fetch.ts'
import type { Lookup } from '../src/federation/resolve.ts'
import { aCharter } from './helpers/charters.ts'
import { anRsaPair, type RsaPair } from './helpers/cheap-keys.ts'
import { type EvilNode, startEvilNode } from './helpers/evil-node.ts'
import { introduce, MINUTE, pass, rootOf } from './helpers/exchange.ts'
import { startNode, type TestNode } from './helpers/node.ts'
import { aKey, anAuthor } from './helpers/signed-entry.ts'

const HONEST = 30
const MOST_ROUNDS = 40
type Json = Record<string, unknown>

// Every name of this machine is this machine, and no other name is anybody: nothing is asked of the net.
const lookup = ((name: string, options: { all?: boolean }, answer: (error: Error | null, found: LookupAddress[]) => void) => {
  const here = /(^|\.)localhost$/.test(name)
  if (here && options.all) answer(null, [{ address: '127.0.0.1', family: 4 }])
  else answer(Object.assign(new Error('nobody'), { code: 'ENOTFOUND' }), [])
}) as unknown as Lookup

async function startHonest(t: Parameters<typeof startNode>[0], at: number, rsa: RsaPair): Promise<TestNode> {
  // Its number stands in its requests, so that a liar can tell each something else.
  const fetch = createFetcher({ userAgent: `Archipelago test ${at}`, allowPrivate: true, lookup })
  const node = await startNode(t, { handle: `h${at}`, fetch, rsa })
  publishEntry(node.federation)
  return node
}

const numberOf = (agent: string | undefined) => Number(/ (\d+)$/.exec(agent ?? '')?.[1] ?? 0)
const entryOf = (node: TestNode): Json => JSON.parse(recordOf(node.ctx.db, node.actor)!.text) as Json
const allAgree = (nodes: TestNode[]) => new Set(nodes.map(rootOf)).size === 1

/** A community of the evil node that tells half of the others one thing and half another, under one number, and shows each its own. */
function split(evil: EvilNode, at: number): string {
  const key = aKey()
  const author = anAuthor(`${evil.url}/c/two-faces`, key)
  const faces = ['left', 'right'].map(name => author.entry(10, at, {}, { charter: { name } }))
  const lines = faces.map(face => {
    const h = evil.list(face)
    return { h, line: evil.lines.at(-1)! }
  })
  evil.setTrick((request, response, url) => {
    const side = numberOf(request.headers['user-agent']) % 2
    // To each only its own: the lists are put in place for the length of this answer.
    evil.lines.splice(0, evil.lines.length, { ...lines[side]!.line, c: 1 })
    if (url.pathname !== '/c/two-faces') return false
    const more = { discoverable: true, entry: faces[side], assertionMethod: [author.keyOf(key)] }
    evil.json(response, evil.actor(author.actor, 'Organization', 'two-faces', more), 'application/activity+json')
    return true
  })
  return author.actor
}

t.test(
  'O-54 O-80 O-81 O-82 O-83 thirty nodes come to the same directory, with ten among them that forge, replay, roll back, flood, split and stay silent',
  { timeout: 240_000 },
  async t => {
    const rsa = anRsaPair()
    const honest = await Promise.all(Array.from({ length: HONEST }, (_, at) => startHonest(t, at, rsa)))
    const evil = await Promise.all(Array.from({ length: 10 }, () => startEvilNode(t)))
    const [forger, forger2, replayer, roller, flooder, splitter, splitter2, hole, liar, babbler] = evil as [
      EvilNode,
      EvilNode,
      EvilNode,
      EvilNode,
      EvilNode,
      EvilNode,
      EvilNode,
      EvilNode,
      EvilNode,
      EvilNode,
    ]
    const [victim, changing, leaving] = honest as [TestNode, TestNode, TestNode]
    const at = Date.now()

    // Words for others, proven by a key that is not theirs; unsigned ones; and some from the future (O-80, O-54, O-83).
    for (const one of [forger, forger2]) {
      for (const target of [victim, changing, leaving]) {
        const false1 = anAuthor(target.actor).entry(Math.floor(at / 1000) + 1_000_000, at, { node: `${target.url}/node` })
        one.list(false1)
      }
    }
    const { proof: _, ...unsigned } = anAuthor('http://nobody.localhost:1/c/nobody').entry(3, at) as Json
    const broken = { ...unsigned, proof: { type: 'DataIntegrityProof', verificationMethod: 'http://nobody.localhost:1/c/nobody#x' } }
    forger2.list(broken)
    forger2.list(anAuthor('http://later.localhost:1/c/later').entry(3, at + 60 * 24 * 60 * MINUTE))
    replayer.list(entryOf(changing))
    const before = entryOf(leaving)
    roller.list(before)
    for (let n = 0; n < 60; n++) flooder.list(anAuthor(`http://s${n}.flood.localhost:1/c/flood`).entry(1, at))
    for (let n = 0; n < 40; n++) flooder.list(anAuthor(`http://127.0.9.${n}:1/c/flood`).entry(1, at))
    const faces = [split(splitter, at), split(splitter2, at)]
    hole.setTrick((_, response, url) => {
      if (!url.pathname.startsWith('/directory')) return false
      response.destroy()
      return true
    })
    liar.setTrick((_, response, url) => {
      if (url.pathname !== '/directory/feed') return false
      const after = Number(url.searchParams.get('after'))
      const items = [{ c: after + 1, k: 'a'.repeat(64), seq: 9, h: 'b'.repeat(64), t: 'entry' }]
      response.end(JSON.stringify({ epoch: 'evil', items, next: after + 1, newest: after + 1 }))
      return true
    })
    babbler.setTrick((_, response, url) => {
      if (!url.pathname.startsWith('/directory')) return false
      response.end('{"items":'.repeat(1000))
      return true
    })

    // Each honest node is given one honest address and one evil one, and nothing else.
    await Promise.all(
      honest.map(async (node, index) => {
        await introduce(node, honest[(index + 1) % HONEST]!)
        await introduce(node, evil[index % evil.length]!)
      }),
    )

    const genuine = new Map<string, Set<string>>()
    const remember = (node: TestNode) => {
      const known = genuine.get(node.actor) ?? new Set()
      genuine.set(node.actor, known.add(recordOf(node.ctx.db, node.actor)!.hash!.toString('hex')))
    }
    honest.forEach(remember)
    const shown = (record: EntryRecord | undefined) => record?.state === 'confirmed' || record?.state === 'vouched'
    function expectNoForgery(): void {
      for (const node of honest)
        for (const other of honest) {
          const record = recordOf(node.ctx.db, other.actor)
          if (shown(record) && !genuine.get(other.actor)!.has(record!.hash!.toString('hex'))) t.fail('a forged entry is shown')
        }
    }
    async function converge(until: () => boolean): Promise<number> {
      for (let round = 1; round <= MOST_ROUNDS; round++) {
        await pass(11 * MINUTE, ...honest)
        expectNoForgery()
        if (until() && allAgree(honest)) return round
      }
      return Number.POSITIVE_INFINITY
    }

    const knowAll = () => honest.every(node => honest.every(other => shown(recordOf(node.ctx.db, other.actor))))
    const forked = () => honest.every(node => faces.every(face => recordOf(node.ctx.db, face)?.state === 'forked'))
    const first = await converge(() => knowAll() && forked())
    t.ok(first <= MOST_ROUNDS, `after ${first} rounds all know all, and have the same root`)
    t.ok(forked(), 'who has two faces is shown by nobody')

    // One community changes and one leaves; old words of both go on being told.
    publishCharter(changing.ctx, aCharter({ name: 'changed' }))
    changeSettings(leaving.ctx, { listed: false })
    for (const node of [changing, leaving]) publishEntry(node.federation)
    for (const node of [changing, leaving]) remember(node)
    const { seq } = recordOf(changing.ctx.db, changing.actor)!
    const changed = () => honest.every(node => recordOf(node.ctx.db, changing.actor)?.seq === seq)
    const left = () => honest.every(node => recordOf(node.ctx.db, leaving.actor)?.state === 'tombstoned')
    const second = await converge(() => changed() && left())
    t.ok(second <= MOST_ROUNDS, `after ${second} more the change and the end have come to all`)
    for (let round = 0; round < 3; round++) await pass(24 * 60 * MINUTE, ...honest)
    expectNoForgery()
    t.ok(left() && changed() && allAgree(honest), 'O-82 and days later nothing has come back')
    for (const node of honest) {
      t.equal(recordOf(node.ctx.db, 'http://later.localhost:1/c/later'), undefined, 'O-83 nothing comes from the future')
      t.equal(recordOf(node.ctx.db, 'http://nobody.localhost:1/c/nobody'), undefined, 'O-54 nothing is taken without proof')
      t.ok(directorySize(node.ctx.db) <= HONEST + 60 + 2, 'O-81 a flood fills nothing')
    }
    t.comment(`rounds: ${first}, then ${second}`)
  },
)
