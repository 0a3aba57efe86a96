import type { Charter } from '../domain/charter.ts'
import { shortened } from '../lib/text.ts'
import type { Words } from './messages.ts'
import { labelIn } from './parts/label.ts'

const MEMBERS = new Set(['yes', 'waitlist', 'no'])
const VISITORS = new Set(['yes', 'rarely', 'by_arrangement', 'no'])

/** What pages say of a charter in a few words, in their language. Each is undefined where the charter says nothing of it. */
export function charterWords(words: Words) {
  const { t, locale } = words
  const label = labelIn(words)
  const joined = (parts: readonly string[]) => (parts.length > 0 ? parts.join(t('charter.comma')) : undefined)

  /** The labels of one or several words of a field, as one sentence part. */
  const labels = (field: string, value: string | readonly string[] | undefined) =>
    value === undefined ? undefined : joined([value].flat().map(word => label(field, word)))

  /** “Roxbury, Massachusetts, United States”: as much of the place as it lets be known. */
  const place = ({ place }: Charter) =>
    place &&
    joined(
      [place.locality, place.region, place.country && label('country', place.country)]
        .filter(part => part !== undefined)
        .map(part => shortened(part, 60)),
    )

  const year = (year: number) => (year > 0 ? String(year) : t('charter.bce', { year: String(-year || 1) }))

  /** “since 1971”, “1841 to 1847”, “planned since 2024”. */
  const years = ({ status, startedPlanning: planned, startedLivingTogether: began, disbanded: ended }: Charter) => {
    const start = began ?? planned
    // One that formed again may have ended once before.
    if (status === 'disbanded' && ended !== undefined) {
      if (start === undefined) return t('charter.until', { year: year(ended) })
      return start === ended ? year(ended) : t('charter.fromTo', { from: year(start), to: year(ended) })
    }
    if (began !== undefined) return t('charter.since', { year: year(began) })
    return planned === undefined ? undefined : t('charter.plannedSince', { year: year(planned) })
  }

  /** “74 people”. */
  const size = ({ adults, children, nonMemberResidents }: Charter) => {
    const known = [adults, children, nonMemberResidents].filter(count => count !== undefined)
    // Where only the children are counted nobody is told how many live there.
    return adults === undefined ? undefined : t('charter.people', { count: known.reduce((sum, count) => sum + count, 0) })
  }

  /** “62 adults, 12 children”. */
  const people = ({ adults, children, nonMemberResidents }: Charter) =>
    joined(
      [
        adults !== undefined && t('charter.adults', { count: adults }),
        children !== undefined && t('charter.children', { count: children }),
        nonMemberResidents !== undefined && t('charter.residents', { count: nonMemberResidents }),
      ].filter(part => part !== false),
    )

  /** What somebody who wants to come should know. A community of the past takes nobody. */
  const openness = ({ status, openToMembers, openToVisitors }: Charter): string[] => {
    if (status === 'disbanded') return []
    return [
      ...(MEMBERS.has(openToMembers) ? [t(`charter.members.${openToMembers}`)] : []),
      ...(VISITORS.has(openToVisitors) ? [t(`charter.visitors.${openToVisitors}`)] : []),
    ]
  }

  /** “€12 a month”; free is said, not counted. */
  const fee = (fee: Charter['joinFee'] | Charter['regularFee']) => {
    if (!fee) return undefined
    if (fee.amount === 0) return t('charter.free')
    const digits = { minimumFractionDigits: Number.isInteger(fee.amount) ? 0 : 2 }
    const money = new Intl.NumberFormat(locale, { style: 'currency', currency: fee.currency, ...digits }).format(fee.amount)
    return 'period' in fee ? `${money} ${label('period', fee.period)}` : money
  }

  const area = ({ landArea }: Pick<Charter, 'landArea'>) =>
    landArea && `${new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(landArea.amount)} ${label('unit', landArea.unit)}`

  return { label, labels, place, year, years, size, people, openness, fee, area }
}

/** Words as they stand within a sentence. Only the first letter is made small: German nouns keep theirs. */
export function uncapitalised(words: string, locale: string): string {
  return words.charAt(0).toLocaleLowerCase(locale) + words.slice(1)
}
