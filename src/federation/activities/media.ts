import { z } from 'zod'
import {
  type Attachment,
  attachmentUrl,
  focusOf,
  type HeardAttachment,
  LONGEST_ALT,
  type MediaKind,
  MOST_HEARD,
} from '../../domain/media.ts'
import { safeUrl } from '../../lib/sanitise.ts'
import type { Normalised } from '../engine.ts'
import { cut, many, one, reference, sameOrigin } from '../wire.ts'

// Ours to the wire.

/** What a post carries, as everybody writes it since Mastodon; nothing if it carries nothing. */
export function attachmentProperties(origin: string, attachments: readonly Attachment[]): object {
  if (attachments.length === 0) return {}
  return {
    attachment: attachments.map(one => ({
      type: 'Document',
      ...(one.type ? { mediaType: one.type } : {}),
      url: attachmentUrl(origin, one),
      ...(one.alt ? { name: one.alt } : {}),
      ...(one.width && one.height ? { width: one.width, height: one.height } : {}),
      ...(one.blurhash ? { blurhash: one.blurhash } : {}),
      ...(one.focus ? { focalPoint: [one.focus.x, one.focus.y] } : {}),
    })),
  }
}

/** The community's own picture, as its actor names it. */
export function imageOf(origin: string, picture: Attachment): object {
  const { type, alt } = picture
  return { type: 'Image', ...(type ? { mediaType: type } : {}), url: attachmentUrl(origin, picture), ...(alt ? { name: alt } : {}) }
}

// The wire to ours.

const MOST_PIXELS_ASIDE = 100_000
const KINDS: Record<string, MediaKind> = { Image: 'image', Video: 'video', Audio: 'audio' }
/** What encodes a small image is this long at most (blurhash, 9 by 9 components). */
const BLURHASH = /^[0-9A-Za-z#$%*+,\-.:;=?@[\]^_{|}~]{6,166}$/

/** Plain text: what looks like HTML in it is meant. */
const words = z.string().transform(text => cut(text.replace(/[^\P{Cc}\n]/gu, ' ').trim(), LONGEST_ALT))
const side = z.number().int().min(1).max(MOST_PIXELS_ASIDE)
const Target = z.union([
  z.string(),
  z.looseObject({ href: one(z.string()), mediaType: one(z.string().max(100)) }).transform(({ href, mediaType }) => ({ href, mediaType })),
])
const Carried = z.looseObject({
  type: z.enum(['Document', 'Image', 'Video', 'Audio', 'Page']),
  mediaType: one(z.string().max(100)),
  url: many(Target, 8),
  href: one(reference),
  name: one(words),
  summary: one(words),
  width: one(side),
  height: one(side),
  blurhash: one(z.string().regex(BLURHASH)),
  focalPoint: z.unknown().optional(),
})
const AllCarried = many(Carried, MOST_HEARD)

/**
 * What a post of another server carries: at most 16, at addresses nobody can listen in on (or at the post's own origin). Nothing of it is fetched.
 * @param document the post, normalised @param iri its id
 */
export function readAttachments(document: Normalised, iri: string): HeardAttachment[] {
  // Most carry nothing.
  if (document.attachment === undefined) return []
  return AllCarried.parse(document.attachment).flatMap(carried => {
    const targets = [...carried.url.map(target => (typeof target === 'string' ? { href: target } : target)), { href: carried.href }]
    const found = targets.find(({ href }) => href !== undefined && isUsable(href, iri)) as { href: string; mediaType?: string } | undefined
    if (!found) return []
    const type = (carried.mediaType ?? found.mediaType)?.toLowerCase() ?? null
    const kind = kindOf(carried.type, type)
    // A page it only links to is no picture.
    if (!kind) return []
    const { width = null, height = null, blurhash = null } = carried
    const alt = carried.name || carried.summary || ''
    return [{ kind, type, url: found.href, alt, width, height, blurhash, focus: focalPoint(carried.focalPoint) }]
  })
}

function isUsable(href: string, iri: string): boolean {
  const url = safeUrl(href)
  return url !== undefined && (url.protocol === 'https:' || sameOrigin(href, iri))
}

function kindOf(documentType: string, type: string | null): MediaKind | undefined {
  const [, main = ''] = /^(image|video|audio)\/[\w.+-]+$/.exec(type ?? '') ?? []
  if (main) return main as MediaKind
  const kind = KINDS[documentType]
  if (kind) return kind
  return documentType === 'Document' && !type?.startsWith('text/') ? 'unknown' : undefined
}

function focalPoint(value: unknown): HeardAttachment['focus'] {
  const [first] = Array.isArray(value) ? (value as unknown[]) : [value]
  const list = typeof first === 'object' && first !== null && '@list' in first ? (first as { '@list': unknown })['@list'] : value
  const numbers = (Array.isArray(list) ? (list as unknown[]) : []).flat().map(Number)
  return numbers.length === 2 ? (focusOf(numbers[0]!, numbers[1]!) ?? null) : null
}
