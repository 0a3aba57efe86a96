import { counted, shortened } from '../lib/text.ts'
import type { Charter } from './charter.ts'
import { label } from './vocabulary.ts'

// What pages say of a charter in a few words. Each is undefined where the charter says nothing of it.

/** “Roxbury, Massachusetts, United States”: as much of the place as it lets be known. */
export function placeWords({ place }: Charter): string | undefined {
  if (!place) return undefined
  const parts = [place.locality, place.region, place.country && label('country', place.country)].filter(part => part !== undefined)
  return parts.length > 0 ? parts.map(part => shortened(part, 60)).join(', ') : undefined
}

/** “since 1971”, “1841 to 1847”, “planned since 2024”. */
export function yearsWords({
  status,
  startedPlanning: planned,
  startedLivingTogether: began,
  disbanded: ended,
}: Charter): string | undefined {
  const start = began ?? planned
  // One that formed again may have ended once before.
  if (status === 'disbanded' && ended !== undefined) {
    if (start === undefined) return `until ${yearWords(ended)}`
    return start === ended ? yearWords(ended) : `${yearWords(start)} to ${yearWords(ended)}`
  }
  if (began !== undefined) return `since ${yearWords(began)}`
  return planned === undefined ? undefined : `planned since ${yearWords(planned)}`
}

export function yearWords(year: number): string {
  return year > 0 ? String(year) : `${-year || 1} BCE`
}

/** “74 people”. */
export function sizeWords(charter: Charter): string | undefined {
  const { adults, children, nonMemberResidents } = charter
  const known = [adults, children, nonMemberResidents].filter(count => count !== undefined)
  return known.length > 0
    ? counted(
        known.reduce((sum, count) => sum + count, 0),
        'person',
        'people',
      )
    : undefined
}

/** “62 adults, 12 children”. */
export function peopleWords({ adults, children, nonMemberResidents }: Charter): string | undefined {
  const parts = [
    adults !== undefined && counted(adults, 'adult', 'adults'),
    children !== undefined && counted(children, 'child', 'children'),
    nonMemberResidents !== undefined && counted(nonMemberResidents, 'other resident', 'other residents'),
  ].filter(part => part !== false)
  return parts.length > 0 ? parts.join(', ') : undefined
}

const MEMBERS: Partial<Record<string, string>> = {
  yes: 'Open to new members',
  waitlist: 'Waiting list for members',
  no: 'No new members now',
}
const VISITORS: Partial<Record<string, string>> = {
  yes: 'visitors welcome',
  rarely: 'visitors rarely',
  by_arrangement: 'visitors by arrangement',
  no: 'no visitors',
}

/** What somebody who wants to come should know. A community of the past takes nobody. */
export function opennessWords({ status, openToMembers, openToVisitors }: Charter): string[] {
  if (status === 'disbanded') return []
  return [MEMBERS[openToMembers], VISITORS[openToVisitors]].filter(words => words !== undefined)
}

/** The labels of one or several words of a field, as one sentence part. */
export function labels(field: string, value: string | readonly string[] | undefined): string | undefined {
  if (value === undefined || value.length === 0) return undefined
  return [value]
    .flat()
    .map(word => label(field, word))
    .join(', ')
}

/** “€12 a month”; free is said, not counted. */
export function feeWords(fee: Charter['joinFee'] | Charter['regularFee']): string | undefined {
  if (!fee) return undefined
  if (fee.amount === 0) return 'none'
  return `${money(fee.amount, fee.currency)}${'period' in fee ? ` ${label('period', fee.period)}` : ''}`
}

function money(amount: number, currency: string): string {
  return new Intl.NumberFormat('en', { style: 'currency', currency, minimumFractionDigits: Number.isInteger(amount) ? 0 : 2 }).format(
    amount,
  )
}

export function areaWords({ landArea }: Charter): string | undefined {
  return landArea && `${new Intl.NumberFormat('en', { maximumFractionDigits: 2 }).format(landArea.amount)} ${label('unit', landArea.unit)}`
}
