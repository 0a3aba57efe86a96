import { z } from 'zod'
import type { Point } from '../lib/geo.ts'
import { countryMeant } from './country.ts'
import { baseLanguage } from './directory.ts'
import { type Problem, Refusal } from './refusal.ts'
import { VALUE_FIELDS } from './search-text.ts'
import { VOCABULARY } from './vocabulary.ts'

export const SORTS = ['relevance', 'name', 'distance', 'newest', 'verified'] as const
/** Nothing on earth is farther away: half the equator, in kilometres. */
const FARTHEST = 20_038
const LONGEST_QUERY = 500
/** The fields by which a search can be narrowed: all that have controlled words, and two that have codes. */
export const FILTERS = [...VALUE_FIELDS, 'country', 'language'] as const
export type Filter = (typeof FILTERS)[number]
const MANY: ReadonlySet<string> = new Set(FILTERS)
const NUMBERS = new Set(['within', 'limit'])
const DECIMAL = /^-?\d{1,6}(\.\d{1,15})?$/

function oneOf<const T extends readonly [string, ...string[]]>(values: T, description: string) {
  const value = z.enum(values, { error: ({ input }) => `“${shown(input)}” is not one of its values: ${values.join(', ')}.` })
  return z
    .array(value)
    .max(values.length, 'There are more values here than it can have.')
    .optional()
    .describe(`${description} Several values, repeated or parted by commas: any of them.`)
}

const many = (value: z.ZodType<string>, description: string) =>
  z.array(value).max(50, 'At most 50 values can be asked for at once.').optional().describe(description)
const country = z
  .string()
  .transform(
    (text, issue) => countryMeant(text) ?? wrong(issue, `“${shown(text)}” is not a country. Give its two-letter code, such as ES.`),
  )
const language = z
  .string()
  .regex(/^[a-z]{2,3}(-[a-z0-9]{1,8}){0,4}$/i, { error: ({ input }) => `“${shown(input)}” is not a language tag such as en or pt-BR.` })
  .transform(baseLanguage)
const once = (what: string) => z.string(`Give ${what} once.`)

const bbox = once('one box').transform((text, issue) => {
  const [west, south, east, north, ...rest] = decimals(text)
  if (north === undefined || west === undefined || south === undefined || east === undefined || rest.length > 0)
    return wrong(issue, 'Give four numbers: west,south,east,north, in degrees.')
  if (!isLongitude(west) || !isLongitude(east)) return wrong(issue, 'West and east must be between -180 and 180 degrees.')
  if (!isLatitude(south) || !isLatitude(north)) return wrong(issue, 'South and north must be between -90 and 90 degrees.')
  if (south > north) return wrong(issue, 'South must not be greater than north. The order is west,south,east,north.')
  return { west, south, east, north }
})

const near = once('one place').transform((text, issue): Point => {
  const [latitude, longitude, ...rest] = decimals(text)
  if (latitude === undefined || longitude === undefined || rest.length > 0)
    return wrong(issue, 'Give two numbers: latitude,longitude, in degrees.')
  if (!isLatitude(latitude)) return wrong(issue, 'The latitude must be between -90 and 90 degrees.')
  if (!isLongitude(longitude)) return wrong(issue, 'The longitude must be between -180 and 180 degrees.')
  return { latitude, longitude }
})

const details = {
  siteStatus: oneOf(VOCABULARY.siteStatus, 'How far it has come with its site.'),
  openToVolunteers: oneOf(VOCABULARY.openToVolunteers, 'Whether people may come and help.'),
  decisionMaking: oneOf(VOCABULARY.decisionMaking, 'How it decides.'),
  leadership: oneOf(VOCABULARY.leadership, 'Who leads, if anybody does.'),
  conflictResolution: oneOf(VOCABULARY.conflictResolution, 'What happens when members fall out.'),
  incomeSharing: oneOf(VOCABULARY.incomeSharing, 'How much of what members earn is shared.'),
  economy: oneOf(VOCABULARY.economy, 'What it lives on.'),
  landOwner: oneOf(VOCABULARY.landOwner, 'Who owns the land or the house.'),
  labour: oneOf(VOCABULARY.labour, 'Whether members owe it work.'),
  membersWithDebt: oneOf(VOCABULARY.membersWithDebt, 'Whether people in debt can join.'),
  orientationPolitical: oneOf(VOCABULARY.orientationPolitical, 'The political views it declares.'),
  spiritualTraditions: oneOf(VOCABULARY.spiritualTraditions, 'Traditions that shape its life.'),
  practiceExpected: oneOf(VOCABULARY.practiceExpected, 'Whether members are expected to take part in its spiritual practice.'),
  setting: oneOf(VOCABULARY.setting, 'What surrounds it.'),
  housing: oneOf(VOCABULARY.housing, 'What members live in.'),
  sharedMeals: oneOf(VOCABULARY.sharedMeals, 'How often members eat together.'),
  diet: oneOf(VOCABULARY.diet, 'What is eaten at common meals.'),
  dietRule: oneOf(VOCABULARY.dietRule, 'For whom the diet is a rule.'),
  alcohol: oneOf(VOCABULARY.alcohol, 'Whether and where it is drunk.'),
  tobacco: oneOf(VOCABULARY.tobacco, 'Whether and where it is smoked.'),
  childrenEducation: oneOf(VOCABULARY.childrenEducation, 'Where the children learn.'),
}

/** What can be asked of the directory. Values of one field are alternatives; fields narrow each other. */
export const DirectoryQuery = z
  .strictObject({
    q: once('one query')
      .transform(text => text.slice(0, LONGEST_QUERY))
      .optional()
      .describe(
        'Words to look for in names, summaries, agreements and everything else a charter says, or what kinds, themes, countries and languages are called in many languages. All of them must occur; the last may be the beginning of a word, and a slip of the pen is forgiven. Words in double quotes must stand together, as they are.',
      ),
    theme: oneOf(VOCABULARY.theme, 'Themes of the community, its main one or any other.'),
    kind: oneOf(VOCABULARY.kind, 'What kind of community it is.'),
    status: oneOf(VOCABULARY.status, 'Where it is in its life.'),
    openToMembers: oneOf(VOCABULARY.openToMembers, 'Whether it takes new members.'),
    openToVisitors: oneOf(VOCABULARY.openToVisitors, 'Whether it takes visitors.'),
    country: many(country, 'Countries as two-letter codes (ISO 3166-1), such as ES.'),
    language: many(language, 'Languages spoken there, as tags such as en. A region is ignored: pt-BR is pt.'),
    ...details,
    bbox: bbox.optional().describe('A box as west,south,east,north in degrees. A west greater than east reaches over the date line.'),
    near: near.optional().describe('A point as latitude,longitude in degrees. Needs `within`.'),
    within: z
      .number('Give a number of kilometres.')
      .gt(0, 'The distance must be more than 0 km.')
      .max(FARTHEST, `The distance can be at most ${FARTHEST} km: there is nothing farther away on earth.`)
      .optional()
      .describe('How far from `near`, in kilometres.'),
    include: z
      .enum(['shown', 'all'], { error: ({ input }) => `“${shown(input)}” is neither shown nor all.` })
      .default('shown')
      .describe('`all` finds also entries that this node has only heard of, and that nobody it trusts has checked.'),
    sort: z
      .enum(SORTS, { error: ({ input }) => `“${shown(input)}” is not an order: ${SORTS.join(', ')}.` })
      .optional()
      .describe('The order. Without it: relevance when there are words, else distance when there is a point, else name.'),
    limit: z
      .number('Give a whole number from 1 to 100.')
      .int('Give a whole number from 1 to 100.')
      .min(1, 'Give a whole number from 1 to 100.')
      .max(100, 'Give a whole number from 1 to 100.')
      .default(20)
      .describe('How many entries a page has.'),
    cursor: once('one cursor')
      .max(4000, 'This is not a cursor of this directory.')
      .optional()
      .describe('`next` of the page before, with the same query.'),
  })
  .superRefine(({ near, within, bbox, sort }, context) => {
    const problem = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message })
    if (near && within === undefined) problem('within', 'Say how many kilometres around “near” to look.')
    if (!near && within !== undefined) problem('near', '“within” needs the point it is measured from: latitude,longitude.')
    if (near && bbox) problem('bbox', 'Give either a box or a point with a distance, not both.')
    if (!near && sort === 'distance') problem('sort', 'Sorting by distance needs “near” and “within”.')
  })
  .transform(({ sort, ...query }) => {
    const q = query.q?.trim() || undefined
    const unasked = q ? 'relevance' : query.near ? 'distance' : 'name'
    return { ...query, q, sort: sort === undefined || (sort === 'relevance' && !q) ? unasked : sort }
  })
export type DirectoryQuery = z.output<typeof DirectoryQuery>

/**
 * Reads the parameters of a directory search as a query string, a form or a command gives them: text, or lists of text where
 * one was repeated. Empty ones count as not given.
 * @throws Refusal 'invalid' with every parameter that is wrong or unknown
 */
export function readDirectoryQuery(parameters: Record<string, unknown>): DirectoryQuery {
  const given = Object.entries(parameters).flatMap(([name, value]) => {
    const read = readParameter(name, value)
    return read === undefined ? [] : [[name, read] as const]
  })
  const parsed = DirectoryQuery.safeParse(Object.fromEntries(given))
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.flatMap(toProblems)
  throw new Refusal(
    'invalid',
    problems
      .map(({ path, message }) => `${path}: ${message}`)
      .slice(0, 5)
      .join(' '),
    problems,
  )
}

function readParameter(name: string, value: unknown): unknown {
  const texts = (Array.isArray(value) ? value : [value]).filter(item => item !== undefined && item !== '')
  if (texts.length === 0) return undefined
  if (MANY.has(name)) {
    const values = texts
      .flatMap(text => String(text).split(','))
      .map(text => text.trim())
      .filter(Boolean)
    return values.length > 0 ? [...new Set(values)] : undefined
  }
  const only = texts.length === 1 ? texts[0] : texts
  return NUMBERS.has(name) && typeof only === 'string' && DECIMAL.test(only) ? Number(only) : only
}

function toProblems(issue: z.core.$ZodIssue): Problem[] {
  if (issue.code !== 'unrecognized_keys') return [{ path: String(issue.path[0] ?? ''), message: issue.message }]
  const known = Object.keys(DirectoryQuery.in.shape).join(', ')
  return issue.keys.slice(0, 10).map(key => ({ path: shown(key), message: `There is no such parameter. There are: ${known}.` }))
}

function decimals(text: string): number[] {
  const parts = text.split(',', 6).map(part => part.trim())
  return parts.every(part => DECIMAL.test(part)) ? parts.map(Number) : []
}

function wrong(issue: z.core.$RefinementCtx, message: string): never {
  issue.addIssue({ code: 'custom', message })
  return z.NEVER
}

const isLatitude = (degrees: number) => degrees >= -90 && degrees <= 90
const isLongitude = (degrees: number) => degrees >= -180 && degrees <= 180
const shown = (input: unknown) => String(input).slice(0, 60)
