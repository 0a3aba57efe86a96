import { generateKeyPairSync } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import canonicalize from 'canonicalize'
import fc from 'fast-check'
import { searchDirectory } from '../../src/db/search.ts'
import { charterFromWire, publicCharter, readCharterFile } from '../../src/domain/charter.ts'
import { readDirectoryQuery } from '../../src/domain/directory-query.ts'
import { Refusal } from '../../src/domain/refusal.ts'
import { readActor } from '../../src/federation/activities/actor.ts'
import { readPost } from '../../src/federation/activities/post.ts'
import { createApex, createReaders } from '../../src/federation/engine.ts'
import { DocumentRefusal, guardDocument, parseDocument } from '../../src/federation/guard.ts'
import { addProof, verifyProof } from '../../src/federation/proofs.ts'
import { readSignature, SignatureRefusal } from '../../src/federation/signatures.ts'
import { markdownToHtml } from '../../src/lib/markdown.ts'
import { htmlToText, sanitiseHtml } from '../../src/lib/sanitise.ts'
import { charterInputs } from '../helpers/charters.ts'
import { stateHash } from '../helpers/state.ts'
import { bytes, documents, nasty } from './documents.ts'
import { signatureHeaders } from './headers.ts'
import type { FuzzNode } from './node.ts'
import { FRAGMENTS, queries, YAML } from './texts.ts'

/** What must hold for every input. A refusal of the right kind is an answer; anything else that is thrown is a finding. */
export type Target = fc.IAsyncProperty<unknown>

const LONGEST_CALL_MS = 1_000
const HARMLESS_TAG = /^<\/?[a-z0-9]+( (?!on|style|src|id=)[a-z]+(="[^"<>]*")?)*( \/)?>$/
const LINK = / href="(?!https?:\/\/[^/])/

/** The work's result, or undefined where it was refused as it may be. @throws when it takes too long, or throws anything else */
async function quickly<T>(work: () => T | Promise<T>, ...refusals: (new (...args: never[]) => Error)[]): Promise<T | undefined> {
  const [since, before] = [performance.now(), process.cpuUsage()]
  try {
    return await work()
  } catch (error) {
    if (!refusals.some(refusal => error instanceof refusal)) throw error
    return undefined
  } finally {
    const { user, system } = process.cpuUsage(before)
    // Both: the machine may be busy with something else.
    if (performance.now() - since > LONGEST_CALL_MS && (user + system) / 1000 > LONGEST_CALL_MS)
      // biome-ignore lint/correctness/noUnsafeFinally: to be slow is the finding, whatever else came of it
      throw new Error(`It took ${Math.round(performance.now() - since)} ms.`)
  }
}

function hold(condition: boolean, message: string): void {
  if (!condition) throw new Error(message)
}

/** Whether each tag is one without anything that could run or load. */
function isHarmless(clean: string): boolean {
  return (clean.match(/<[^>]*>?/g) ?? []).every(tag => HARMLESS_TAG.test(tag) && !LINK.test(tag))
}

export function targets(node: FuzzNode): Record<string, Target> {
  const { ctx, actor, friend, app } = node
  const { engine } = app.federation
  const { fast, slow } = createReaders(createApex(ctx))
  const activity = documents(friend, actor)
  const headers = signatureHeaders(friend.key.id, ctx.config.host)
  const own = () =>
    JSON.stringify(['settings', 'communities', 'charters', 'keys'].map(table => ctx.db.$client.prepare(`select * from ${table}`).all()))
  const mine = own()
  const html = fc.oneof(
    fc
      .array(fc.oneof(fc.constantFrom(...FRAGMENTS), fc.string({ unit: 'binary', maxLength: 12 })), { maxLength: 40 })
      .map(all => all.join('')),
    fc.string({ unit: 'binary', maxLength: 300 }),
  )

  return {
    'inbox, unsigned': fc.asyncProperty(bytes(activity), headers, async (body, sign) => {
      const before = stateHash(ctx.db)
      const status = await quickly(() => node.post(body, sign(body)))
      hold(status !== undefined && status < 500, `answered ${status}`)
      hold(stateHash(ctx.db) === before, `answered ${status} and the state has changed`)
    }),
    'inbox, signed': fc.asyncProperty(bytes(activity), async body => {
      node.befriend()
      const sign = await node.signed(body)
      const status = await quickly(() => node.post(body, sign))
      hold(status !== undefined && status < 500, `answered ${status}`)
      hold(own() === mine, `answered ${status} and what is ours has changed`)
    }),
    documents: fc.asyncProperty(bytes(fc.oneof(activity, nasty())), async body => {
      const document = await quickly(() => guardDocument(parseDocument(body)), DocumentRefusal)
      const normalised = document && (await quickly(() => engine.normalise(document), DocumentRefusal))
      if (!normalised) return
      await quickly(() => readActor(normalised, ctx.now()))
      await quickly(() => readPost(normalised, friend.id, ctx.now()))
    }),
    'json-ld, fast and slow': fc.asyncProperty(bytes(activity), async body => {
      const document = await quickly(() => guardDocument(parseDocument(body)), DocumentRefusal)
      if (!document) return
      // Each with a copy of its own: the library changes the context of what it reads.
      const found = await quickly(() => fast(structuredClone(document)))
      if (found) hold(isDeepStrictEqual(found, await quickly(() => slow(structuredClone(document)))), 'the fast way reads something else')
    }),
    signatures: fc.asyncProperty(
      fc.uint8Array({ maxLength: 50 }),
      headers,
      fc.constantFrom('/inbox', '/inbox?a=b', '/', '*'),
      async (raw, sign, target) => {
        const body = Buffer.from(raw)
        const claim = await quickly(
          () => readSignature({ method: 'POST', target, headers: sign(body), body }, ctx.config.publicUrl, ctx.now()),
          SignatureRefusal,
        )
        if (claim) hold((await quickly(() => claim.verify(friend.publicKey))) === false, 'a signature verifies that nobody made')
      },
    ),
    proofs: proofs(activity),
    sanitiser: fc.asyncProperty(html, async text => {
      const clean = (await quickly(() => sanitiseHtml(text)))!
      hold(isHarmless(clean), `lets through ${clean.slice(0, 200)}`)
      hold((await quickly(() => sanitiseHtml(clean))) === clean, 'changes its own output')
      await quickly(() => htmlToText(text))
      hold(isHarmless((await quickly(() => markdownToHtml(text)))!), 'markdown lets something through')
    }),
    charters: fc.asyncProperty(
      charterInputs(),
      fc.array(fc.tuple(fc.nat(40), nasty()), { maxLength: 4 }),
      fc.boolean(),
      async (input, changes, yaml) => {
        const names = Object.keys(input)
        const changed = { ...input, ...Object.fromEntries(changes.map(([n, value]) => [names[n % names.length]!, value])) }
        const text = JSON.stringify(changed)
        const charter = await quickly(() => readCharterFile(text, yaml ? 'charter.yaml' : 'charter.json'), Refusal)
        if (charter) await quickly(() => publicCharter(charter))
        await quickly(() => charterFromWire(changed))
      },
    ),
    'charter files': fc.asyncProperty(fc.array(fc.constantFrom(...YAML), { maxLength: 40 }), fc.boolean(), async (pieces, json) => {
      await quickly(() => readCharterFile(pieces.join(''), json ? 'charter.json' : 'charter.yaml'), Refusal)
    }),
    'directory queries': fc.asyncProperty(queries(), async parameters => {
      const query = await quickly(() => readDirectoryQuery(parameters), Refusal)
      if (query) await quickly(() => searchDirectory(ctx.db, query), Refusal)
      const address = new URLSearchParams(
        Object.entries(parameters).flatMap(([name, value]) => [value].flat().map(one => [name, String(one)])),
      )
      for (const path of ['/api/directory', '/']) {
        const status = await quickly(() => node.get(`${path}?${address}`))
        hold(status !== undefined && status < 500, `${path} answered ${status}`)
      }
    }),
  }
}

/** A proof verifies for exactly what was signed, or not at all. */
function proofs(activity: fc.Arbitrary<Record<string, unknown>>): Target {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const key = { id: 'https://elm.example/users/elm#ed25519-key', algorithm: 'ed25519', privateKey } as const
  const change = fc.tuple(fc.nat(30), nasty(), fc.boolean())
  return fc.asyncProperty(activity, fc.array(change, { maxLength: 3 }), async (document, changes) => {
    const canonical = (value: unknown) => {
      try {
        return canonicalize(value)
      } catch {
        return undefined
      }
    }
    const { proof: _, signature: __, ...plain } = document
    if (canonical(plain) === undefined) return
    const secured: Record<string, unknown> = JSON.parse(JSON.stringify(addProof(plain, key, new Date())))
    hold((await quickly(() => verifyProof(secured, publicKey, new Date()))) !== undefined, 'an honest proof does not verify')
    for (const [n, value, inside] of changes) {
      const holder = inside ? (secured.proof as Record<string, unknown>) : secured
      const name = Object.keys(holder)[n % Object.keys(holder).length]!
      if (inside || name !== 'proof') holder[name] = value
    }
    const covered = await quickly(() => verifyProof(secured, publicKey, new Date()))
    if (covered)
      hold(canonical(covered) === canonical(JSON.parse(JSON.stringify(plain))), 'a proof verifies for something that was not signed')
  })
}
