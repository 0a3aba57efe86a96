import { fold } from '../lib/fold.ts'
import { kilometresBetween } from '../lib/geo.ts'
import type { Charter } from './charter.ts'
import { baseLanguage, type DirectoryEntry } from './directory.ts'
import { bandOf } from './entry-rank.ts'
import { type Answer, accepted, type Question, sizeOf } from './match-answer.ts'

/** What a charter says to one answer. `silent` where it says nothing, or nothing that can be measured by it. */
export type Verdict = 'fits' | 'misses' | 'silent'

/** A community beside what a seeker answered. */
export type Match<Entry extends DirectoryEntry = DirectoryEntry> = {
  entry: Entry
  /** One for each answer, in the order of the answers. */
  verdicts: { answer: Answer; verdict: Verdict }[]
  /** The higher the better; comparable only for the same answers. */
  score: number
}

const WORTH: Record<Verdict, number> = { fits: 3, silent: 1, misses: 0 }
const WEIGHT = { must: 3, like: 1 } as const
const LETTER = /^(?!\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Thai})[\p{L}\p{M}\p{N}]$/u
const MONTHS = { week: 12 / 52, month: 1, quarter: 3, year: 12 } as const

/**
 * The communities that break no must, best first. One that fits wherever another fits, and somewhere more, always stands above it. What
 * a charter is silent about breaks nothing, but is worth less than what fits. Of equals the one stands first that this node is surer
 * of, then the one verified last; the order is the same for the same entries, however they are given.
 */
export function rank<Entry extends DirectoryEntry>(entries: readonly Entry[], answers: readonly Answer[]): Match<Entry>[] {
  return entries
    .map(entry => matchOf(entry, answers))
    .filter(match => match !== undefined)
    .sort(
      (a, b) =>
        b.score - a.score ||
        bandOf(a.entry.state, a.entry.verifiedAt) - bandOf(b.entry.state, b.entry.verifiedAt) ||
        b.entry.verifiedAt.getTime() - a.entry.verifiedAt.getTime() ||
        (a.entry.actor < b.entry.actor ? -1 : 1),
    )
}

/** Undefined where the community breaks a must. */
export function matchOf<Entry extends DirectoryEntry>(entry: Entry, answers: readonly Answer[]): Match<Entry> | undefined {
  const verdicts = answers.map(answer => ({ answer, verdict: judge(entry.charter, answer) }))
  if (verdicts.some(({ answer, verdict }) => answer.weight === 'must' && verdict === 'misses')) return undefined
  return { entry, verdicts, score: verdicts.reduce((sum, { answer, verdict }) => sum + WEIGHT[answer.weight] * WORTH[verdict], 0) }
}

/** How a charter stands to one answer. */
export function judge(charter: Charter, answer: Answer): Verdict {
  if (answer.question === 'near') return within(charter, answer)
  if (answer.question === 'words') return speaksOf(charter, answer.values) ? 'fits' : 'silent'
  if (answer.question === 'joinFee') return affordable(charter.joinFee, answer)
  if (answer.question === 'regularFee') return affordable(monthly(charter.regularFee), answer)
  const said = saidTo(charter, answer.question)
  if (!said || said.length === 0) return 'silent'
  const wanted = accepted(answer.question, answer.values)
  return said.some(value => wanted.includes(value)) ? 'fits' : 'misses'
}

/** What a charter says where values can be chosen; undefined where it says nothing. */
export function saidTo(charter: Charter, question: Question): readonly string[] | undefined {
  if (question === 'theme') return charter.themes
  if (question === 'language') return charter.languages.map(baseLanguage)
  if (question === 'country') return charter.place?.country ? [charter.place.country] : undefined
  if (question === 'people') return sizeOf(charter)
  if (question === 'children') return childrenIn(charter)
  const value = (charter as Record<string, unknown>)[question] as string | readonly string[] | undefined
  return value === undefined ? undefined : [value].flat().filter(word => word !== 'unknown')
}

function childrenIn({ children, childrenEducation }: Charter): readonly string[] | undefined {
  if (children !== undefined) return [children > 0 ? 'yes' : 'no']
  return childrenEducation?.length === 1 && childrenEducation[0] === 'none' ? ['no'] : undefined
}

function within({ place }: Charter, { point, km }: Extract<Answer, { question: 'near' }>): Verdict {
  if (place?.latitude === undefined || place.longitude === undefined) return 'silent'
  return kilometresBetween(point, { latitude: place.latitude, longitude: place.longitude }) <= km ? 'fits' : 'misses'
}

type Fee = { amount: number; currency: string }

// Rates of exchange change every day, and this node asks nobody for them.
function affordable(fee: Fee | undefined, { most, currency }: { most: number; currency: string }): Verdict {
  if (!fee || (fee.amount > 0 && fee.currency !== currency)) return 'silent'
  return fee.amount <= most ? 'fits' : 'misses'
}

function monthly(fee: Charter['regularFee']): Fee | undefined {
  return fee && { currency: fee.currency, amount: fee.amount / MONTHS[fee.period] }
}

/** Whether one of these words stands in what the community wrote, as a whole word. */
function speaksOf({ name, summary, membershipProcess, visitorProcess, agreements }: Charter, words: readonly string[]): boolean {
  const texts = [name, summary, membershipProcess, visitorProcess, ...agreements.flatMap(({ title, text }) => [title, text])]
  const text = fold(texts.filter(Boolean).join('\n'))
  return words.some(word => {
    const sought = fold(word)
    for (let at = text.indexOf(sought); at >= 0; at = text.indexOf(sought, at + 1)) {
      if (!continues(text, at - 1, at) && !continues(text, at + sought.length - 1, at + sought.length)) return true
    }
    return false
  })
}

/** Whether a word goes on from one letter to the next. Scripts without spaces have no such borders. */
function continues(text: string, one: number, other: number): boolean {
  return LETTER.test(text[one] ?? '') && LETTER.test(text[other] ?? '')
}
