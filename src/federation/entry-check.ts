import { createHash } from 'node:crypto'
import { Entry, endOf, forkOf, type SignedEntry, type SignedFork, type Succession, signerOf, Tombstone } from '../domain/entry.ts'
import { LIMITS } from '../domain/entry-limit.ts'
import { canonical } from '../lib/canonical.ts'
import { verifyProof } from './proofs.ts'
import { SignatureRefusal } from './signature-refusal.ts'
import { importMultikey } from './signing-key.ts'
import { sameOrigin } from './wire.ts'

export type EntryRefusalReason = 'size' | 'shape' | 'foreign' | 'proof' | 'expired' | 'future' | 'lease'

/** Why a document is no entry, whoever passed it on. */
export class EntryRefusal extends Error {
  override name = 'EntryRefusal'
  readonly code: EntryRefusalReason
  constructor(code: EntryRefusalReason, message: string) {
    super(message)
    this.code = code
  }
}

/**
 * Checks a signed entry or tombstone by itself: size, shape, that everything in it lives where its community lives, its times, and its
 * proof (FEP-8b32) by a key that it lists or by its recovery key. Whether that key may speak for the community `judge` decides.
 * @param value as it came, parsed @throws EntryRefusal
 */
export function checkEntry(value: unknown, now: Date): SignedEntry {
  const signed = checkPart(value, now)
  if (isOver(signed, now)) throw new EntryRefusal('expired', 'The entry has expired.')
  return signed
}

/**
 * Checks the record of a fork: two documents that prove themselves, of one community, under one number, in the order of their hashes.
 * It holds as long as the longer of the two.
 * @throws EntryRefusal
 */
export function checkFork(value: unknown, now: Date): SignedFork {
  const { type, documents, ...rest } = (value ?? {}) as Record<string, unknown>
  if (type !== 'Fork' || !Array.isArray(documents) || documents.length !== 2 || Object.keys(rest).length > 0)
    throw new EntryRefusal('shape', 'This is no record of a fork.')
  const [first, second] = [checkPart(documents[0], now), checkPart(documents[1], now)]
  const alike = first.document.attributedTo === second.document.attributedTo && first.document.seq === second.document.seq
  if (!alike || first.hash >= second.hash) throw new EntryRefusal('shape', 'The two documents make no fork.')
  if (isOver(first, now) && isOver(second, now)) throw new EntryRefusal('expired', 'The fork has expired.')
  return { ...forkOf([first, second]), documents: [first, second] }
}

/** Either of them, as its `type` says. @throws EntryRefusal */
export function checkDocument(value: unknown, now: Date): SignedEntry | SignedFork {
  return (value as { type?: unknown } | null)?.type === 'Fork' ? checkFork(value, now) : checkEntry(value, now)
}

function checkPart(value: unknown, now: Date): SignedEntry {
  const text = canonicalText(value)
  const document = shapeOf(value)
  checkPlaces(document)
  checkTimes(document, now)
  const signer = signerOf(document)
  if (!signer) throw new EntryRefusal('proof', `The entry is not signed by a key of ${document.attributedTo}.`)
  if (!isProven(value as Record<string, unknown>, signer, now)) throw new EntryRefusal('proof', 'The proof of the entry does not verify.')
  const hash = createHash('sha256').update(text).digest('hex')
  return { text, hash, document, signer, speakers: speakersOf(document, signer, now) }
}

/** The signer, and whichever older keys have handed over to it, directly or by others. */
function speakersOf({ successions = [], attributedTo }: Entry | Tombstone, signer: string, now: Date): string[] {
  const speakers = [signer]
  for (const speaker of speakers) {
    for (const one of successions as Succession[])
      if (
        one.next.includes(speaker) &&
        !speakers.includes(one.previous) &&
        one.attributedTo === attributedTo &&
        isProven(one, one.previous, now)
      )
        speakers.push(one.previous)
  }
  return speakers
}

function isProven(value: Record<string, unknown>, signer: string, now: Date): boolean {
  try {
    return verifyProof(value, importMultikey(signer).key, now) !== undefined
  } catch (error) {
    // A key of small order would verify anything.
    if (error instanceof SignatureRefusal) return false
    throw error
  }
}

function shapeOf(value: unknown): Entry | Tombstone {
  const tombstone = typeof value === 'object' && value !== null && (value as { type?: unknown }).type === 'Tombstone'
  const { data, error } = (tombstone ? Tombstone : Entry).safeParse(value)
  if (data) return data
  const [issue] = error.issues
  throw new EntryRefusal('shape', `This is no entry: ${issue?.path.join('.') || 'it'} is not what it must be.`)
}

function canonicalText(value: unknown): string {
  let text: string | undefined
  try {
    text = canonical(value)
  } catch {
    // A lone surrogate, or a number that is none: it has no canonical form.
  }
  if (text === undefined) throw new EntryRefusal('shape', 'The entry has no canonical form.')
  if (Buffer.byteLength(text) > LIMITS.entrySize)
    throw new EntryRefusal('size', `An entry takes at most ${LIMITS.entrySize.toLocaleString('en')} bytes.`)
  return text
}

/** Nobody's word about somebody else: every address that identifies the community is on its own origin, and its keys are its own. */
function checkPlaces(document: Entry | Tombstone): void {
  const { attributedTo, id, assertionMethod } = document
  const own = [id, ...(document.type === 'DirectoryEntry' ? [document.node, document.url] : [])]
  const foreign = own.some(address => !sameOrigin(address, attributedTo))
  const keys = assertionMethod.every(key => key.controller === attributedTo && key.id.startsWith(`${attributedTo}#`))
  const spelling = new URL(attributedTo).href === attributedTo || new URL(attributedTo).origin === attributedTo
  if (foreign || !keys || !spelling) throw new EntryRefusal('foreign', 'The entry speaks of another place than its community’s.')
}

function checkTimes(document: Entry | Tombstone, now: Date): void {
  const made = Date.parse(document.type === 'DirectoryEntry' ? document.updated : document.deleted)
  const ends = endOf(document).getTime()
  if (made > now.getTime() + LIMITS.clockSkew) throw new EntryRefusal('future', 'The entry was made in the future.')
  // A number far ahead of the clock could hardly ever be outdone.
  if (document.seq * 1000 > now.getTime() + LIMITS.seqAhead) throw new EntryRefusal('future', 'The number of the entry is ahead of time.')
  if (document.type === 'DirectoryEntry' && ends <= made) throw new EntryRefusal('lease', 'The entry expires before it begins.')
  if (ends > made + LIMITS.lease) throw new EntryRefusal('lease', 'The entry is said to last longer than an entry may.')
}

function isOver({ document }: SignedEntry, now: Date): boolean {
  const grace = document.type === 'Tombstone' ? LIMITS.tombstoneGrace : 0
  return endOf(document).getTime() + grace <= now.getTime()
}
