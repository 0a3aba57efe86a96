import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Ticket } from '../actions/inquiry.ts'
import type { Context } from '../context.ts'
import { FORM_KEY, setting } from '../db/setting.ts'
import { addressGroup } from '../lib/address-group.ts'
import { createAllowance } from '../lib/allowance.ts'
import { tokenFrom, tokenHash } from '../lib/private-token.ts'

const HOUR = 3_600_000
/** Nobody fills in a form faster, and none is open for longer. */
const FASTEST_MS = 3_000
const LASTS_MS = 24 * HOUR
/** About 256 tries of 5,000 rounds: a second of one processor, here a three hundredth of that. */
const WORK = { algorithm: 'PBKDF2/SHA-256', cost: 5_000, keyPrefix: '00' }

/** Why a form is shown again and not taken. */
export type Hindrance = 'trap' | 'fast' | 'stale' | 'often'
/** What lets a form in: `token` opens the private page that comes of it. */
export type Passage = { ticket: Ticket; token: string } | { hindrance: Hindrance }
export type Gate = {
  /** What a form carries along, so that it can be sent once: the one it was sent with, if that is still good. */
  ticketFor(shown: { fields: Readonly<Record<string, string>>; hindrance?: string | undefined }): Promise<string>
  /** Looks at the ticket, the trap, the time and the proof. */
  look(fields: Readonly<Record<string, string>>, language: string): Promise<Passage>
  /** Whether this caller may send another one now. Counts it if so. */
  allow(request: FastifyRequest, proven: boolean): boolean
}

const Challenge = z.object({
  parameters: z.looseObject({
    algorithm: z.literal(WORK.algorithm),
    nonce: z.string().regex(/^[0-9a-f]{32}$/),
    salt: z.string().regex(/^[0-9a-f]{32}$/),
    cost: z.literal(WORK.cost),
    keyLength: z.literal(32),
    keyPrefix: z.literal(WORK.keyPrefix),
    data: z.object({ form: z.string(), at: z.number() }),
  }),
  signature: z.string().max(200),
})
const Solution = z.object({ counter: z.number(), derivedKey: z.string().max(200) })

// Loaded when the first form is shown.
async function altcha() {
  const [library, { deriveKey }] = await Promise.all([import('altcha-lib'), import('altcha-lib/algorithms/pbkdf2')])
  return { ...library, deriveKey }
}

/**
 * Stands between strangers and a form: a trap only programs step into, a least time, a proof of work, and so many an hour from one
 * address. Without JavaScript there is no proof: then fewer are let in, and they are marked.
 */
export function createGate({ db, now }: Context, form: string): Gate {
  const tries = createAllowance({ times: 60, withinMs: HOUR })
  const proven = createAllowance({ times: 10, withinMs: HOUR })
  const unproven = createAllowance({ times: 3, withinMs: HOUR })
  const secret = () => `${form} ${setting(db, FORM_KEY)}`
  return {
    async ticketFor({ fields: { ticket }, hindrance }) {
      if (hindrance !== 'stale' && parsed(Challenge, ticket)) return ticket!
      const data = { form, at: now().getTime() }
      const { createChallenge, deriveKey } = await altcha()
      return JSON.stringify(await createChallenge({ ...WORK, deriveKey, data, hmacSignatureSecret: secret() }))
    },
    async look(fields, language) {
      if (fields.website) return { hindrance: 'trap' }
      const challenge = parsed(Challenge, fields.ticket)
      if (!challenge) return { hindrance: 'stale' }
      const { nonce, data } = challenge.parameters
      const solution = parsed(Solution, fields.proof) ?? { counter: 0, derivedKey: '' }
      // Without a solution only the signature is looked at.
      const { verifySolution, deriveKey, HmacAlgorithm } = await altcha()
      const { invalidSignature, verified } = await verifySolution({
        challenge: { signature: challenge.signature, parameters: challenge.parameters },
        solution,
        deriveKey,
        hmacAlgorithm: HmacAlgorithm.SHA_256,
        hmacSignatureSecret: secret(),
      })
      const age = now().getTime() - data.at
      if (invalidSignature || data.form !== form || age > LASTS_MS) return { hindrance: 'stale' }
      if (age < FASTEST_MS) return { hindrance: 'fast' }
      const token = tokenFrom(secret(), nonce)
      const until = new Date(data.at + LASTS_MS)
      return { token, ticket: { hash: tokenHash(nonce), until, tokenHash: tokenHash(token), proven: verified, language } }
    },
    allow(request, isProven) {
      const who = addressGroup(request.ip)
      return tries(who, now()) && (isProven ? proven : unproven)(who, now())
    },
  }
}

function parsed<T>(schema: z.ZodType<T>, text: string | undefined): T | undefined {
  if (!text || text.length > 2_000) return undefined
  try {
    return schema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
