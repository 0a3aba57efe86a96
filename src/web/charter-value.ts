import type { Charter } from '../domain/charter.ts'
import type { Fact } from '../domain/charter-facts.ts'
import { VOCABULARY } from '../domain/vocabulary.ts'
import { shortened } from '../lib/text.ts'
import { charterWords } from './charter-words.ts'
import { titleOf } from './field-title.ts'
import type { Words } from './messages.ts'

const YEARS = new Set(['startedPlanning', 'startedLivingTogether', 'disbanded'])

/** What a charter says in one field, in the language of a page, value by value; undefined where it says nothing, or keeps it hidden. */
export function valuesIn(words: Words, charter: Charter, name: string): readonly string[] | undefined {
  const say = charterWords(words)
  const only = (text: string | undefined) => (text ? [text] : undefined)
  if (name === 'place') return only(say.place(charter))
  if (name === 'country') return only(charter.place?.country && say.label('country', charter.place.country))
  if (name === 'joinFee') return only(say.fee(charter.joinFee))
  if (name === 'regularFee') return only(say.fee(charter.regularFee))
  if (name === 'landArea') return only(say.area(charter))
  if (name === 'lastVerified') return only(charter.lastVerified && words.day(new Date(charter.lastVerified)))
  const value = (charter as Record<string, unknown>)[name === 'theme' ? 'themes' : name === 'language' ? 'languages' : name]
  if (value === undefined || value === 'unknown') return undefined
  if (name === 'trialPeriodMonths') return only(words.t('compare.months', { count: Number(value) }))
  if (name === 'labourHoursPerWeek') return only(words.t('compare.hours', { count: Number(value) }))
  if (typeof value === 'number') return [YEARS.has(name) ? say.year(value) : words.number(value)]
  const texts = [value].flat().map(String)
  if (name === 'language' || name === 'languages') return filled(texts.map(tag => say.label('language', tag)))
  return filled(Object.hasOwn(VOCABULARY, name) || name === 'themes' ? texts.map(text => say.label(name, text)) : texts.map(cut))
}

const FACTS = ['theme', 'kind', 'status', 'place', 'openToMembers', 'openToVisitors', 'decisionMaking', 'incomeSharing', 'spiritualTraditions', 'language', 'website'] // biome-ignore format: a row

/** What a stranger wants to know first, for feeds: `charterFacts` says the same in English, for the wire. */
export function factsIn(words: Words, charter: Charter): Fact[] {
  const { people, years } = charterWords(words)
  const comma = words.t('charter.comma')
  const facts = FACTS.flatMap(name => {
    const values = [...(valuesIn(words, charter, name) ?? []), ...(name === 'status' ? [years(charter) ?? ''] : [])].filter(Boolean)
    return values.length > 0 ? [{ name: titleOf(words, name), value: values.join(comma) }] : []
  })
  const value = people(charter)
  return value ? [...facts, { name: words.t('profile.row.people'), value }] : facts
}

const cut = (text: string) => shortened(text, 200)
const filled = (texts: readonly string[]) => (texts.length > 0 ? [...new Set(texts)] : undefined)
