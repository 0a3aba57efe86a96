import { getPublicSuffix } from 'tldts'
import { shortened } from '../lib/text.ts'
import { Refusal } from './refusal.ts'

/** `suspend`: nothing of it is taken, sent or kept. `limit`: it is not listed, and its followers wait for the steward. */
export type Severity = 'limit' | 'suspend'
export type Block = { domain: string; severity: Severity; since: Date } & BlockDetails
/**
 * What is known of a block besides: `comment` stands in exported lists, `note` is for stewards alone; with `rejectMedia` no picture of
 * theirs is kept, and `obfuscate` hides the middle of the name from apps.
 */
export type BlockDetails = { comment: string; note: string; rejectMedia: boolean; rejectReports: boolean; obfuscate: boolean }
export const NO_DETAILS: BlockDetails = { comment: '', note: '', rejectMedia: false, rejectReports: false, obfuscate: false }

/** As much of a comment or a note is kept. */
const LONGEST_COMMENT = 500

export function blockComment(text: string): string {
  return shortened(text, LONGEST_COMMENT)
}

/**
 * A domain as blocks compare it: ASCII, lower case, without port or trailing dot. Takes the address of a server too.
 * @throws Refusal when it is no domain
 */
export function readDomain(text: string): string {
  const host = text
    .trim()
    .replace(/^https?:\/\//i, '')
    .replace(/^.*@/, '')
    .replace(/[/?#].*$/s, '')
  const url = URL.canParse(`https://${host}`) ? new URL(`https://${host}`) : undefined
  const domain = url && domainOf(url.host)
  if (!domain || (!domain.includes('.') && domain !== 'localhost' && !domain.startsWith('[')))
    throw new Refusal('invalid', `“${text}” is not a domain such as example.org.`, [], { code: 'noDomain', text })
  return domain
}

/** How a list for others names a blocked domain: with only its ends where it is not to be found by it, as Mastodon writes it. */
export function listedDomain({ domain, obfuscate }: Pick<Block, 'domain' | 'obfuscate'>): string {
  const ends = Math.floor(domain.length / 4)
  const hidden = (at: number) => at > ends && at < domain.length - ends
  return obfuscate ? [...domain].map((sign, at) => (hidden(at) && sign !== '.' ? '*' : sign)).join('') : domain
}

/** Whether everybody's names end so, such as co.uk: a block of it would be one of strangers. */
export function isPublicSuffix(domain: string): boolean {
  return getPublicSuffix(domain, { validateHostname: false }) === domain && domain !== 'localhost'
}

/** The domain of a host with or without port: what is left when two spellings of one server are made equal. */
export function domainOf(host: string): string {
  return host.toLowerCase().replace(/:\d+$/, '').replace(/\.+$/, '')
}

/** A domain and all it is part of, nearest first: a.b.example, b.example, example. */
export function withParents(domain: string): string[] {
  if (/^[\d.]+$|^\[/.test(domain)) return [domain]
  const labels = domain.split('.')
  return labels.map((_, at) => labels.slice(at).join('.'))
}

/** Whether this names one actor, by handle or by address, and not a whole server. */
export function namesActor(text: string): boolean {
  const words = text.trim()
  return /^(acct:)?@?[^@\s/]+@[^@\s/]+$/.test(words) || /^https?:\/\/[^/?#]+\/[^/?#]/i.test(words)
}
