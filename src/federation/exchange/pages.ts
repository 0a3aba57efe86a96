import { z } from 'zod'
import { LIMITS } from '../../domain/entry-limit.ts'

// The pages of the exchange as they arrive from others. FEDERATION.md describes the same.

export const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`))
const count = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER)
const epoch = z.string().min(1).max(64)
const signed = z.unknown()

const FeedLine = z.object({ c: count, k: hex(32), seq: count, h: hex(32), t: z.enum(['entry', 'tombstone', 'fork']) })
export type FeedLine = z.infer<typeof FeedLine>

export const FeedPage = z.object({
  epoch,
  items: z.array(FeedLine).max(LIMITS.feedPage),
  next: count.optional(),
  newest: z.number().int().min(0),
})
export const DocumentPage = z.object({
  epoch,
  items: z.array(z.object({ c: count, entry: signed })).max(LIMITS.documentPage),
  next: count.optional(),
})
export const DocumentAnswer = z.object({ items: z.array(signed).max(LIMITS.documentPage) })

const Prefix = z.string().regex(/^[0-9a-f]{0,4}$/)
export const TreePage = z.object({
  epoch,
  root: hex(32),
  nodes: z.array(z.object({ p: Prefix, children: z.array(hex(32).nullable()).length(16) })).max(LIMITS.treePage),
})
export const LeafPage = z.object({
  epoch,
  leaves: z.array(z.object({ p: Prefix, items: z.array(z.tuple([hex(32), count, hex(32)])).max(LIMITS.leafPage) })).max(LIMITS.treePage),
})

export const ConfirmationPage = z.looseObject({
  type: z.literal('Confirmations'),
  id: z.string().max(2048),
  attributedTo: z.string().max(2048),
  epoch,
  upTo: z.number().int().min(0),
  items: z.array(z.object({ k: hex(32), signer: hex(16), seq: count, at: z.iso.datetime() })).max(LIMITS.confirmationPage),
  next: count.optional(),
})
