import { isUtf8 } from 'node:buffer'
import { parse } from 'secure-json-parse'
import { guardContexts } from './context-guard.ts'
import { DocumentRefusal } from './document-refusal.ts'

export { type DocumentFault, DocumentRefusal } from './document-refusal.ts'

export type GuardedDocument = Record<string, unknown> & { id: string; type: string }

/** What a stranger's document may have. Whatever has more is refused whole: a document cut short would no longer match its proof. */
export const DOCUMENT_LIMITS = {
  bytes: 1_048_576,
  /** Containers inside containers; the document is the first. */
  depth: 64,
  /** Values of every kind. */
  nodes: 20_000,
  idLength: 2048,
  typeLength: 128,
  /** Entries of one `@context`; terms defined inline, and `@context`s, of the whole document. */
  contexts: 16,
  terms: 250,
  embeddedContexts: 64,
  /** Different keys with a colon. */
  compactKeys: 250,
  /** Items of an array, by the property that holds it; of any other, `items`. */
  items: 2000,
  itemsOf: new Map(
    Object.entries({
      tag: 256,
      attachment: 256,
      publicKey: 10,
      assertionMethod: 10,
      alsoKnownAs: 256,
      to: 1000,
      cc: 1000,
      bto: 1000,
      bcc: 1000,
      audience: 1000,
      object: 1000,
      url: 256,
      icon: 64,
      image: 64,
    }),
  ),
  /** Characters of a string, by its property; any other may fill the document. */
  lengthOf: new Map(
    Object.entries({ name: 4096, preferredUsername: 256, summary: 131_072, publicKeyPem: 16_384, publicKeyMultibase: 8192, href: 4096 }),
  ),
} as const

const ALLOWED_INSIDE = new Set(['@value', '@language', '@direction', '@none'])
const PROTOTYPES = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Turns the bytes of a request or an answer into a JSON object. Of a key that is given twice the last value counts, for everyone.
 * @throws DocumentRefusal 'size', 'encoding', 'depth', 'syntax', 'shape' or 'prototype'
 */
export function parseDocument(body: Buffer): Record<string, unknown> {
  if (body.length > DOCUMENT_LIMITS.bytes) throw new DocumentRefusal('size', 'The document is larger than 1 MiB.')
  const marked = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf
  if (marked || !isUtf8(body)) throw new DocumentRefusal('encoding', 'The document is not UTF-8 without a byte order mark.')
  refuseDepth(body)
  const text = body.toString('utf8')
  const document: unknown = parseJson(text)
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    throw new DocumentRefusal('shape', 'The document is not a JSON object.')
  // Escapes are the only way such characters can have come through; most documents have none and are not searched.
  if (/\\u(0000|d[89a-f])/i.test(text)) refuseBrokenText(document)
  return document as Record<string, unknown>
}

/**
 * Limits the shape of a document before JSON-LD, zod or anything recursive sees it, and refuses the parts of JSON-LD that let one
 * document mean two things. `type` must be one string: an array of one is refused as well, since writing it differently would break
 * the document's proof, and leaving it would make every reader decide for itself.
 * @throws DocumentRefusal
 */
export function guardDocument(document: Record<string, unknown>): GuardedDocument {
  const { context, embedded, compactKeys } = walk(document)
  const { id, type } = document
  if (typeof id !== 'string' || !isAddress(id)) throw new DocumentRefusal('id', 'The id of the document is not an http(s) address.')
  if (typeof type !== 'string' || !/^[A-Za-z][\w-]*$/.test(type) || type.length > DOCUMENT_LIMITS.typeLength)
    throw new DocumentRefusal('type', 'The type of the document is not one plain word.')
  guardContexts(context, embedded, compactKeys, DOCUMENT_LIMITS)
  return document as GuardedDocument
}

// Counts brackets outside of strings: 500,000 of them would take JSON.parse a quarter of a second.
function refuseDepth(body: Buffer): void {
  let depth = 0
  let inString = false
  for (let at = 0; at < body.length; at++) {
    const byte = body[at]
    if (inString) {
      if (byte === 0x5c) at++
      else if (byte === 0x22) inString = false
    } else if (byte === 0x22) inString = true
    else if (byte === 0x5b || byte === 0x7b) {
      if (++depth > DOCUMENT_LIMITS.depth) throw tooDeep()
    } else if (byte === 0x5d || byte === 0x7d) depth--
  }
}

function parseJson(text: string): unknown {
  try {
    return parse(text, { protoAction: 'error', constructorAction: 'error' })
  } catch (error) {
    if (/prototype/.test(String(error))) throw new DocumentRefusal('prototype', 'The document reaches for the prototype of objects.')
    throw new DocumentRefusal('syntax', 'The document is not JSON.')
  }
}

function refuseBrokenText(document: object): void {
  const waiting: unknown[] = [document]
  while (waiting.length > 0) {
    const value = waiting.pop()
    if (typeof value === 'string' && /\0|\p{Surrogate}/u.test(value))
      throw new DocumentRefusal('encoding', 'The document has a character that is none.')
    if (typeof value === 'object' && value !== null) for (const [key, inner] of Object.entries(value)) waiting.push(key, inner)
  }
}

type Place = { value: object; depth: number; level: number; key: string }

// Without recursion, because the documents this exists for are the ones that overflow a stack.
function walk(document: Record<string, unknown>): { context: unknown; embedded: unknown[]; compactKeys: Set<string> } {
  const embedded: unknown[] = []
  const compactKeys = new Set<string>()
  // `level` counts objects only: 0 is the document, 1 is what it embeds.
  const waiting: Place[] = [{ value: document, depth: 1, level: 0, key: '' }]
  let nodes = 0
  const see = (value: unknown, key: string, { depth, level }: Place): void => {
    if (++nodes > DOCUMENT_LIMITS.nodes) throw tooMuch('values')
    if (typeof value === 'string') {
      if (value.length > (DOCUMENT_LIMITS.lengthOf.get(key) ?? value.length)) throw tooMuch(`characters in ${key}`)
    } else if (typeof value === 'number') {
      if (!Number.isFinite(value)) throw new DocumentRefusal('number', 'The document has a number that is too large.')
    } else if (typeof value === 'object' && value !== null) {
      if (depth >= DOCUMENT_LIMITS.depth) throw tooDeep()
      waiting.push({ value, depth: depth + 1, level: Array.isArray(value) ? level : level + 1, key })
    }
  }
  for (let place = waiting.pop(); place; place = waiting.pop()) {
    if (Array.isArray(place.value)) {
      if (place.value.length > (DOCUMENT_LIMITS.itemsOf.get(place.key) ?? DOCUMENT_LIMITS.items)) throw tooMuch(`items in ${place.key}`)
      for (const item of place.value) see(item, place.key, place)
      continue
    }
    const object = place.value as Record<string, unknown>
    for (const key of Object.keys(object)) {
      if (key === '@context') {
        if (place.level === 0) continue
        if (place.level > 1) throw new DocumentRefusal('context', 'The document has a context deep inside.')
        if (embedded.push(object[key]) > DOCUMENT_LIMITS.embeddedContexts) throw tooMuch('contexts')
        continue
      }
      if (PROTOTYPES.has(key)) throw new DocumentRefusal('prototype', 'The document reaches for the prototype of objects.')
      if (key.startsWith('@')) checkKeyword(key, object, place.level)
      if (key === 'id' && place.level > 0) checkEmbeddedId(object[key])
      if (key.includes(':') && compactKeys.add(key).size > DOCUMENT_LIMITS.compactKeys) throw tooMuch('prefixed keys')
      see(object[key], key, place)
    }
  }
  return { context: document['@context'], embedded, compactKeys }
}

// `@graph`, `@included`, `@reverse`, `@nest`, `@list`, `@set` move statements to where a plain reader does not see them
// (CVE-2026-42462, CVE-2026-46349); `@id` is a second id. `@type` in place of `type` is in use for embedded schema.org things.
function checkKeyword(key: string, object: Record<string, unknown>, level: number): void {
  const harmless = level > 0 && (ALLOWED_INSIDE.has(key) || (key === '@type' && !Object.hasOwn(object, 'type')))
  if (!harmless) throw new DocumentRefusal('keyword', `The document uses ${key.slice(0, 32)}.`)
}

function checkEmbeddedId(id: unknown): void {
  if ((typeof id === 'object' && id !== null) || (typeof id === 'string' && id.length > DOCUMENT_LIMITS.idLength))
    throw new DocumentRefusal('id', 'Something in the document has an id that is none.')
}

// URL parsing forgives spaces, tabs and backslashes, so two spellings would be one address: they are not forgiven here.
function isAddress(id: string): boolean {
  if (id.length > DOCUMENT_LIMITS.idLength || !/^https?:\/\/[^\s\\\p{Cc}]+$/u.test(id) || !URL.canParse(id)) return false
  const { username, password } = new URL(id)
  return !username && !password
}

function tooDeep(): DocumentRefusal {
  return new DocumentRefusal('depth', `The document is nested more than ${DOCUMENT_LIMITS.depth} levels deep.`)
}

function tooMuch(what: string): DocumentRefusal {
  return new DocumentRefusal('size', `The document has too many ${what}.`)
}
