import type { Answer, Question } from '../domain/match-answer.ts'
import { titleOf } from './field-title.ts'
import type { Words } from './messages.ts'
import { labelIn } from './parts/label.ts'
import { placeName } from './place-name.ts'

const OWN_TITLES: Partial<Record<Question, string>> = {
  people: 'match.people',
  children: 'match.children',
  near: 'match.near',
  joinFee: 'match.joinFee',
  regularFee: 'match.regularFee',
  words: 'match.words',
}

const PEOPLE = new Set(['few', 'some', 'many', 'village'])
const CHILDREN = new Set(['yes', 'no'])

/** What a question is called, in a few words. */
export function questionTitle(words: Words, question: Question): string {
  const own = OWN_TITLES[question]
  return own ? words.t(own) : titleOf(words, question)
}

/** Words for a value that can be chosen. */
export function valueWords(words: Words, question: Question, value: string): string {
  if (question === 'people' && PEOPLE.has(value)) return words.t(`match.people.${value}`)
  if (question === 'children' && CHILDREN.has(value)) return words.t(`match.children.${value}`)
  return labelIn(words)(question, value)
}

/** An answer in a few words: “Rural or Urban”, “at most €50 a month”. */
export function answerWords(words: Words, answer: Answer): string {
  const { t, locale } = words
  if (answer.question === 'near') {
    return t('match.within', { km: answer.km, place: placeName(words, answer.point) })
  }
  if (answer.question === 'joinFee' || answer.question === 'regularFee') {
    if (answer.most === 0) return t('charter.free')
    const { most, currency } = answer
    return t('match.atMost', {
      amount: new Intl.NumberFormat(locale, { style: 'currency', currency, maximumFractionDigits: 2 }).format(most),
    })
  }
  if (answer.question === 'words') return answer.values.join(t('charter.comma'))
  return new Intl.ListFormat(locale, { type: 'disjunction' }).format(answer.values.map(value => valueWords(words, answer.question, value)))
}
