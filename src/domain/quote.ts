import type { Visibility } from './post.ts'
import { Refusal } from './refusal.ts'

/** Who may quote the community's posts without being asked about it. */
export const QUOTE_POLICIES = ['everyone', 'followers', 'nobody'] as const
export type QuotePolicy = (typeof QUOTE_POLICIES)[number]

/** The community's agreement that one post of its own is quoted in one post of somebody else's. */
export type Quote = {
  number: number
  /** IRI of the agreement. */
  stamp: string
  post: number
  actor: string
  /** IRI of the quoting post. */
  quoting: string
  at: Date
  revokedAt: Date | null
}

/** @throws Refusal when it is none of the three */
export function checkQuotePolicy(text: string): QuotePolicy {
  const policy = QUOTE_POLICIES.find(policy => policy === text)
  if (!policy) throw new Refusal('invalid', `“${text}” can’t be who may quote: say ${QUOTE_POLICIES.join(', ')}.`)
  return policy
}

/** What is not for everybody is quoted by nobody, whatever the policy says. */
export function mayQuote(policy: QuotePolicy, visibility: Visibility, asking: { follows: boolean; unwelcome: boolean }): boolean {
  if (asking.unwelcome || (visibility !== 'public' && visibility !== 'unlisted')) return false
  return policy === 'everyone' || (policy === 'followers' && asking.follows)
}
