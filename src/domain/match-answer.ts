import type { Point } from '../lib/geo.ts'
import type { Charter } from './charter.ts'
import { COUNTRIES } from './country.ts'
import { type Town, type TownsNamed, townMeant, townPoint } from './town.ts'
import { VOCABULARY } from './vocabulary.ts'

/** How much an answer counts. What a seeker doesn't mind is no answer. */
export type Weight = 'must' | 'like'

/** Questions with values to choose from: any of those chosen will do. */
export const CHOICES = {
  openToMembers: ['yes', 'waitlist'],
  openToVisitors: ['yes', 'by_arrangement', 'rarely'],
  openToVolunteers: ['yes', 'seasonal'],
  status: ['idea', 'forming', 'established', 're_forming', 'dormant'],
  kind: VOCABULARY.kind,
  theme: VOCABULARY.theme,
  people: ['few', 'some', 'many', 'village'],
  children: ['yes', 'no'],
  childrenEducation: ['public_school', 'own_school', 'homeschool'],
  setting: ['rural', 'small_town_or_village', 'suburban', 'urban', 'mobile', 'online'],
  housing: VOCABULARY.housing.filter(value => value !== 'none'),
  decisionMaking: VOCABULARY.decisionMaking.filter(value => value !== 'other' && value !== 'undecided'),
  incomeSharing: VOCABULARY.incomeSharing,
  labour: VOCABULARY.labour,
  sharedMeals: VOCABULARY.sharedMeals,
  diet: VOCABULARY.diet.filter(value => value !== 'other'),
  alcohol: ['not_allowed', 'not_in_common_spaces', 'moderate', 'open'],
  tobacco: ['not_allowed', 'outdoors_only', 'open'],
  spiritualTraditions: VOCABULARY.spiritualTraditions.filter(value => value !== 'other'),
  practiceExpected: VOCABULARY.practiceExpected,
  orientationPolitical: VOCABULARY.orientationPolitical.filter(value => value !== 'other'),
} as const satisfies Record<string, readonly string[]>
export type Choice = keyof typeof CHOICES | 'country' | 'language'

/** All questions, in the order in which an address names the answers. */
export const QUESTIONS = [...(Object.keys(CHOICES) as Choice[]), 'country', 'language', 'near', 'joinFee', 'regularFee', 'words'] as const
export type Question = Choice | 'near' | 'joinFee' | 'regularFee' | 'words'

export type Answer = { weight: Weight } & (
  | { question: Choice; values: readonly string[] }
  | { question: 'near'; point: Point; km: number }
  /** The most that can be paid: once, or in a month. */
  | { question: 'joinFee'; most: number; currency: string }
  | { question: 'regularFee'; most: number; currency: string }
  /** Words the charter should use. */
  | { question: 'words'; values: readonly string[] }
)

/** What is wrong with an answer that was typed; several towns have the name, where it is only unclear which is meant. */
export type Mistake = { question: Question; reason: 'place' | 'which' | 'distance' | 'amount' | 'currency'; towns?: readonly Town[] }

/** How far around a place is looked, in kilometres, unless told. */
export const NEARBY_KM = 100
const FARTHEST_KM = 20_000
const MOST_WORDS = 5
const MOST_VALUES = 50
const CURRENCY = /^[A-Z]{3}$/
const AMOUNT = /^\d{1,9}(\.\d{1,2})?$/
const DEGREES = /^\s*(-?\d{1,2}(?:\.\d{1,6})?)\s*[,; ]\s*(-?\d{1,3}(?:\.\d{1,6})?)\s*$/
const LANGUAGE = /^[a-z]{2,3}$/

// What is also meant by a value: who wants vegetarian food can eat vegan.
const MEANT: Partial<Record<Question, Record<string, readonly string[]>>> = {
  diet: { vegetarian: ['vegan'], pescatarian: ['vegetarian', 'vegan'] },
  spiritualTraditions: {
    christian: ['catholic', 'orthodox', 'protestant', 'anabaptist', 'quaker'],
    muslim: ['sufi'],
    hindu: ['vaishnava'],
  },
}

/** The values chosen, and those that are kinds of them. */
export function accepted(question: Question, values: readonly string[]): readonly string[] {
  const meant = MEANT[question]
  return meant ? [...new Set(values.flatMap(value => [value, ...(meant[value] ?? [])]))] : values
}

/** How big a community is, of the sizes a seeker can choose; undefined where it doesn't say. */
export function sizeOf({ adults, children = 0, nonMemberResidents = 0 }: Charter): readonly string[] | undefined {
  if (adults === undefined) return undefined
  const people = adults + children + nonMemberResidents
  return [people <= 10 ? 'few' : people <= 30 ? 'some' : people <= 100 ? 'many' : 'village']
}

/**
 * Reads a seeker's answers as a form or an address gives them: `setting=rural,urban`, or `setting` repeated. `must` names the questions
 * whose answer must be fulfilled; a form says it with `weight.setting=must`, or `any` where it is all the same. A value nobody can
 * choose is passed over; something typed that can't be understood is a mistake, and no answer.
 * @param townsNamed what finds the town somebody wants to be near
 */
export function readAnswers(
  parameters: Readonly<Record<string, unknown>>,
  townsNamed: TownsNamed = () => [],
): { answers: Answer[]; mistakes: Mistake[] } {
  const textsOf = (name: string) => [parameters[name] ?? []].flat().map(value => String(value).trim()).filter(Boolean) // biome-ignore format: one chain
  const musts = new Set(textsOf('must').flatMap(text => text.split(',')))
  const answers: Answer[] = []
  const mistakes: Mistake[] = []
  for (const question of QUESTIONS) {
    const [chosen] = textsOf(`weight.${question}`)
    if (chosen === 'any') continue
    const weight = (chosen ?? (musts.has(question) ? 'must' : 'like')) === 'must' ? 'must' : 'like'
    const texts = textsOf(question)
    if (texts.length === 0) continue
    const read = readAnswer(question, texts, name => textsOf(name)[0], townsNamed)
    if (typeof read === 'string') mistakes.push({ question, reason: read })
    else if (Array.isArray(read)) mistakes.push({ question, reason: 'which', towns: read })
    else if (read) answers.push({ ...read, weight })
  }
  return { answers, mistakes }
}

type Unweighed = Answer extends infer One ? (One extends Answer ? Omit<One, 'weight'> : never) : never

function readAnswer(
  question: Question,
  texts: readonly string[],
  other: (name: string) => string | undefined,
  townsNamed: TownsNamed,
): Unweighed | Mistake['reason'] | Town[] | undefined {
  const parts = texts.flatMap(text => text.split(',')).map(part => part.trim()).filter(Boolean) // biome-ignore format: one chain
  if (question === 'near') return readPlace(texts[0]!, other('within'), townsNamed)
  if (question === 'joinFee' || question === 'regularFee') {
    const currency = (other('currency') ?? 'EUR').toUpperCase()
    if (!AMOUNT.test(texts[0]!)) return 'amount'
    return CURRENCY.test(currency) ? { question, most: Number(texts[0]), currency } : 'currency'
  }
  if (question === 'words') return parts.length > 0 ? { question, values: distinct(parts.map(part => part.slice(0, 40)), MOST_WORDS) } : undefined // biome-ignore format: a row
  const values = distinct(parts.filter(value => isChoice(question, value)), MOST_VALUES) // biome-ignore format: a row
  return values.length > 0 ? { question, values } : undefined
}

function isChoice(question: Choice, value: string): boolean {
  if (question === 'country') return COUNTRIES.includes(value)
  if (question === 'language') return LANGUAGE.test(value)
  return (CHOICES[question] as readonly string[]).includes(value)
}

function readPlace(text: string, distance: string | undefined, townsNamed: TownsNamed): Unweighed | Mistake['reason'] | Town[] {
  const point = readPoint(text)
  const towns = point ? [] : townsNamed(text)
  const town = townMeant(towns)
  if (!point && !town) return towns.length > 0 ? [...towns] : 'place'
  const km = distance === undefined ? NEARBY_KM : Number(distance)
  return km > 0 && km <= FARTHEST_KM ? { question: 'near', point: point ?? townPoint(town!), km } : 'distance'
}

/** Latitude and longitude in degrees, as somebody writes them; undefined where the text is something else. */
export function readPoint(text: string): Point | undefined {
  const [, latitude, longitude] = DEGREES.exec(text)?.map(Number) ?? []
  if (latitude === undefined || longitude === undefined || Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return undefined
  return { latitude, longitude }
}

const distinct = (values: readonly string[], most: number) => [...new Set(values)].slice(0, most)
