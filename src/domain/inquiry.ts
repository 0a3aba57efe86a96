import type { Charter } from './charter.ts'
import { type Fault, lines, readContact, readName, STRANGER_LIMITS } from './stranger.ts'

export const WISHES = ['visit', 'membership', 'volunteering', 'question'] as const
export type Wish = (typeof WISHES)[number]

/** `new` until the steward has done something about it; those from `accepted` on are settled. */
export const INQUIRY_STATES = ['new', 'open', 'accepted', 'declined', 'closed', 'withdrawn'] as const
export type InquiryState = (typeof INQUIRY_STATES)[number]

/** What a steward may call an inquiry; only who sent it withdraws it. */
export const STEWARD_STATES = INQUIRY_STATES.filter(state => state !== 'withdrawn')

/** A private question to the community. Of a post `actor` is the IRI of who wrote it, of a form `name` and `contact` what was given. */
export type Inquiry = {
  id: number
  tokenHash: string | null
  actor: string | null
  state: InquiryState
  held: boolean
  wish: Wish
  name: string | null
  contact: string | null
  language: string | null
  at: Date
  changedAt: Date
  settledAt: Date | null
}

/** One thing said in an inquiry; a `note` is seen by stewards alone. */
export type InquiryMessage = { id: number; voice: 'seeker' | 'steward' | 'note'; text: string; post: number | null; at: Date }

const DAY = 24 * 3_600_000

export const INQUIRY_LIMITS = {
  /** The most a seeker may say in one inquiry. */
  messages: 100,
  /** Forms a day: in all, and of those that came without a proof of work. */
  ofADay: 300,
  heldOfADay: 40,
  /** New inquiries a day that come as posts of one server. */
  ofOneServer: 10,
  /** How long a settled one is kept, in milliseconds, and one that was held and never looked at. */
  settledKeptMs: 180 * DAY,
  heldKeptMs: 60 * DAY,
}

export type InquiryDraft = Pick<Inquiry, 'name' | 'contact' | 'wish'> & { message: string }

/** What somebody filled into the form, or everything that is wrong with it. */
export function readInquiry(fields: Readonly<Record<string, string>>): { draft: InquiryDraft } | { faults: Fault[] } {
  const { name = '', contact = '', message = '', wish = '' } = fields
  const faults: Fault[] = []
  const called = readName(name)
  if (called === undefined) faults.push({ field: 'name', fault: 'long' })
  if (called === null) faults.push({ field: 'name', fault: 'missing' })
  const wanted = WISHES.find(one => one === wish)
  if (!wanted) faults.push({ field: 'wish', fault: 'missing' })
  const said = readMessage(message)
  if (typeof said !== 'string') faults.push(said)
  const reached = readContact(contact)
  if (reached === undefined) faults.push({ field: 'contact', fault: 'unknown' })
  if (faults.length > 0 || !called || !wanted || typeof said !== 'string' || reached === undefined) return { faults }
  return { draft: { name: called, contact: reached, wish: wanted, message: said } }
}

/** What a seeker says, tidied. */
export function readMessage(text: string): string | Fault {
  const words = lines(text)
  if (words === '') return { field: 'message', fault: 'missing' }
  return words.length > STRANGER_LIMITS.message ? { field: 'message', fault: 'long' } : words
}

export function isSettled(state: InquiryState): boolean {
  return state !== 'new' && state !== 'open'
}

/**
 * Whether strangers may write to the community: as its steward has decided, else if its charter says that it is open to somebody, or
 * if it wants to be found.
 */
export function welcomesInquiries(charter: Charter, listed: boolean, decided?: 'yes' | 'no'): boolean {
  if (decided) return decided === 'yes'
  if (charter.status === 'disbanded') return false
  const { openToMembers, openToVisitors, openToVolunteers } = charter
  return listed || [openToMembers, openToVisitors, openToVolunteers].some(open => open !== 'no' && open !== 'unknown')
}
