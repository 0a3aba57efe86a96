import type { Charter } from './charter.ts'
import { Refusal } from './refusal.ts'
import { type Fault, readContact, readName } from './stranger.ts'

/** Somebody would come if enough others did. `dueAt` is when they are next to be told by a post that there are enough. */
export type Pledge = {
  id: number
  tokenHash: string
  name: string | null
  contact: string | null
  language: string | null
  held: boolean
  at: Date
  dueAt: Date | null
  attempts: number
}

/** How many a community that is still forming needs, how many would come, and since when that is enough. */
export type PledgeCount = { need: number; count: number; reachedAt: Date | undefined }

export const PLEDGE_LIMITS = { need: 100_000, ofADay: 500, heldOfADay: 40, heldKeptMs: 60 * 24 * 3_600_000, attempts: 8 }

export type PledgeDraft = Pick<Pledge, 'name' | 'contact'>

export function readPledge(fields: Readonly<Record<string, string>>): { draft: PledgeDraft } | { faults: Fault[] } {
  const name = readName(fields.name ?? '')
  const contact = readContact(fields.contact ?? '')
  const faults: Fault[] = []
  if (name === undefined) faults.push({ field: 'name', fault: 'long' })
  if (contact === undefined) faults.push({ field: 'contact', fault: 'unknown' })
  return name === undefined || contact === undefined ? { faults } : { draft: { name, contact } }
}

/** Only a community that does not live together yet looks for those who would. */
export function isForming({ status }: Pick<Charter, 'status'>): boolean {
  return status === 'idea' || status === 'forming' || status === 're_forming'
}

/** @throws Refusal when it is no number of people */
export function checkNeed(need: number): number {
  if (!Number.isInteger(need) || need < 0 || need > PLEDGE_LIMITS.need)
    throw new Refusal(
      'invalid',
      `Say how many people are needed: a number from 1 to ${PLEDGE_LIMITS.need.toLocaleString('en')}, or 0 to stop.`,
    )
  return need
}
