import { parse } from 'secure-json-parse'
import type { z } from 'zod'
import { isSuspended } from '../../db/block.ts'
import { transact } from '../../db/open.ts'
import { bookBytes, bytesLeft, type KnownPeer, peerById } from '../../db/peer.ts'
import { LIMITS } from '../../domain/entry-limit.ts'
import type { Federation } from '../federation.ts'
import { FetchRefusal } from '../fetch-refusal.ts'

const { score } = LIMITS
/** What a peer has done wrong, and what that costs. `spent` is our own measure: it has said enough for today. */
const COST = {
  signature: score.badSignature,
  hash: score.wrongHash,
  broken: score.brokenPage,
  useless: score.uselessPage,
  silent: score.uselessPage,
  spent: 0,
} as const
export type Fault = keyof typeof COST

/** A visit ends here. */
export class PeerFault extends Error {
  override name = 'PeerFault'
  readonly code: Fault
  constructor(code: Fault, message: string) {
    super(message)
    this.code = code
  }
  get points(): number {
    return COST[this.code]
  }
}

type Question = { question?: object; maxBytes?: number }

/** The bytes of a page of a peer: within its budget of the day, from its own address and no other. @throws PeerFault */
export async function askForBytes(
  { ctx }: Federation,
  { id, origin }: KnownPeer,
  path: string,
  { question, maxBytes = LIMITS.pageSize }: Question = {},
): Promise<Buffer> {
  const { host } = new URL(origin)
  const peer = peerById(ctx.db, id)
  if (!peer || isSuspended(ctx.db, host) || bytesLeft(peer, ctx.now()) <= 0)
    throw new PeerFault('spent', `${host} is not asked any more today.`)
  const book = (bytes: number) => transact(ctx.db, tx => bookBytes(tx, id, bytes, ctx.now()))
  try {
    const { status, body, wireBytes } = await ctx.fetch.get(`${origin}${path}`, {
      accept: 'application/json',
      maxBytes,
      timeoutMs: LIMITS.pageTime,
      gzip: true,
      redirects: 0,
      ...(question ? { question: Buffer.from(JSON.stringify(question)) } : {}),
    })
    book(wireBytes ?? body.length)
    if (status !== 200) throw new PeerFault('silent', `${host} answered ${status}.`)
    return body
  } catch (error) {
    if (!(error instanceof FetchRefusal)) throw error
    if (error.code === 'too-large') book(maxBytes)
    const theirs = error.code === 'too-large' || error.code === 'encoding' || error.code === 'redirect'
    throw new PeerFault(theirs ? 'broken' : 'silent', error.message)
  }
}

/** A page as it should be. @throws PeerFault */
export async function ask<T extends z.ZodType>(
  federation: Federation,
  peer: KnownPeer,
  path: string,
  schema: T,
  question?: Question,
): Promise<z.infer<T>> {
  const { data, error } = schema.safeParse(readJson(await askForBytes(federation, peer, path, question)))
  if (error) throw new PeerFault('broken', `${peer.origin}${path} is not a page: ${error.issues[0]?.path.join('.')}`)
  return data
}

/** @throws PeerFault 'broken' */
export function readJson(body: Buffer): unknown {
  try {
    return parse(body.toString('utf8'), { protoAction: 'error', constructorAction: 'error' })
  } catch {
    throw new PeerFault('broken', 'This is no JSON.')
  }
}
