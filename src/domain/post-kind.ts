import { z } from 'zod'
import { day } from '../lib/text.ts'
import { LONGEST, type Post, type PostDetails, type PostType } from './post.ts'
import { Refusal } from './refusal.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
export const MOST_PINS = 5

const words = (most: number, what: string) =>
  z
    .string()
    .transform(text => text.normalize('NFC').replace(/\s+/g, ' ').trim())
    .refine(text => text.length > 0, `${what} is missing`)
    .refine(text => text.length <= most, `${what} may have ${most} characters`)

const text = (most: number) =>
  z
    .string()
    .transform(text => text.normalize('NFC').trim())
    .refine(text => text.length <= most, `may have ${most.toLocaleString('en')} characters`)

const WITH_ZONE = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(:\d{2})?(?:\.\d+)?(Z|[+-]\d{2}:\d{2})$/

// The offset is kept: it says what the clock on the wall shows there.
const moment = z.string().transform((value, issue) => {
  const parts = WITH_ZONE.exec(value.trim())
  if (parts && !Number.isNaN(Date.parse(value.trim()))) return `${parts[1]}T${parts[2]}${parts[3] ?? ':00'}${parts[4]}`
  issue.addIssue({ code: 'custom', message: 'must be a time with its time zone, such as 2027-05-01T18:00+02:00' })
  return z.NEVER
})

const Article = z.object({
  title: words(200, 'a title'),
  text: text(LONGEST.Article).refine(text => text.length > 0, 'an article needs some text'),
})

const Event = z
  .object({
    title: words(200, 'a title'),
    starts: moment,
    ends: moment,
    place: words(200, 'the place'),
    text: text(LONGEST.Event).default(''),
  })
  .refine(({ starts, ends }) => Date.parse(ends) > Date.parse(starts), { path: ['ends'], message: 'an event ends after it starts' })
  .refine(({ starts, ends }) => Date.parse(ends) - Date.parse(starts) <= 366 * DAY_MS, {
    path: ['ends'],
    message: 'an event lasts a year at most',
  })

const Question = z.object({
  question: text(LONGEST.Question).refine(text => text.length > 0, 'the question is missing'),
  options: z
    .array(words(100, 'an option'))
    .min(2, 'a question needs at least two options')
    .max(12, 'a question has at most 12 options')
    .refine(options => new Set(options.map(option => option.toLowerCase())).size === options.length, 'two options are the same'),
  multiple: z.boolean().default(false),
})

/** What a post of each kind is made of. */
export type NewPost = Pick<Post, 'type' | 'name' | 'details'> & { source: string }

/** @throws Refusal with every problem at once */
export function checkArticle(given: z.input<typeof Article>): NewPost {
  const { title, text } = check(Article, given, 'This article can’t be published:')
  return { type: 'Article', name: title, details: null, source: text }
}

/** @param given times as ISO 8601 with a time zone @throws Refusal with every problem at once */
export function checkEvent(given: z.input<typeof Event>): NewPost {
  const { title, starts, ends, place, text } = check(Event, given, 'This event can’t be announced:')
  return { type: 'Event', name: title, details: { startsAt: starts, endsAt: ends, place }, source: text }
}

/** @param given `closes` is a time as ISO 8601, or how long from now: 30m, 12h, 3d @throws Refusal with every problem at once */
export function checkQuestion(given: z.input<typeof Question> & { closes: string }, now: Date): NewPost {
  const asked = unclosing(given)
  return { ...asked, details: { ...asked.details, closesAt: closing(given.closes, now) } }
}

function unclosing(given: z.input<typeof Question>): NewPost {
  const { question, options, multiple } = check(Question, given, 'This question can’t be asked:')
  const details = { options: options.map(name => ({ name, votes: 0 })), multiple, voters: 0 }
  return { type: 'Question', name: null, details, source: question }
}

/** What an edit changes of what only posts of one kind have, given as for a new one; what is not given stays. */
export type KindChange = {
  title?: string
  starts?: string
  ends?: string
  place?: string
  options?: string[]
  multiple?: boolean
  closes?: string
}

const CHANGEABLE: Readonly<Record<PostType, readonly (keyof KindChange)[]>> = {
  Note: [],
  Article: ['title'],
  Event: ['title', 'starts', 'ends', 'place'],
  Question: ['options', 'multiple', 'closes'],
}

/**
 * What a post of ours is made of after an edit. A question with other answers is asked anew: nobody has voted yet.
 * @param text markdown; of a note as `checkPost` returns it
 * @throws Refusal when a new post could not be so, a post of its kind has no such thing, or answers of a closed question would change
 */
export function checkEdit(post: Pick<Post, 'type' | 'name' | 'details'>, text: string, change: KindChange, now: Date): NewPost {
  const { type, name } = post
  const alien = Object.values(CHANGEABLE)
    .flat()
    .find(part => change[part] !== undefined && !CHANGEABLE[type].includes(part))
  if (alien) throw new Refusal('invalid', `A post of this kind has no “${alien}”.`)
  const details = post.details ?? {}
  const { startsAt: starts = '', endsAt: ends = '', place = '' } = details
  if (type === 'Article') return checkArticle({ title: name ?? '', ...change, text })
  if (type === 'Event') return checkEvent({ title: name ?? '', starts, ends, place, ...change, text })
  return type === 'Question' ? checkAskedQuestion(details, text, change, now) : { type, name, details: null, source: text }
}

function checkAskedQuestion(before: PostDetails, question: string, { closes, ...change }: KindChange, now: Date): NewPost {
  const options = (before.options ?? []).map(option => option.name)
  const asked = unclosing({ options, multiple: before.multiple, ...change, question })
  const anew = asksOtherwise(before, asked.details)
  if ((anew || closes !== undefined) && isClosed(before, now))
    throw new Refusal('invalid', 'This question is closed: only its words can be changed.')
  const closesAt = closes === undefined ? {} : { closesAt: closing(closes, now) }
  return { ...asked, details: { ...before, ...(anew ? asked.details : {}), ...closesAt } }
}

/** Whether a question has other answers than before, so that what was chosen of those says nothing about these. */
export function asksOtherwise(before: PostDetails | null, after: PostDetails | null): boolean {
  const asked = (details: PostDetails | null) =>
    JSON.stringify([details?.multiple ?? false, ...(details?.options ?? []).map(({ name }) => name)])
  return asked(before) !== asked(after)
}

const UNIT_MS = { m: MINUTE_MS, h: 60 * MINUTE_MS, d: DAY_MS }

function closing(given: string, now: Date): string {
  const closes = given.trim()
  const span = /^(\d{1,5})([mhd])$/.exec(closes)
  const parsed = moment.safeParse(closes)
  const at = span
    ? now.getTime() + Number(span[1]) * UNIT_MS[span[2] as keyof typeof UNIT_MS]
    : parsed.success
      ? Date.parse(parsed.data)
      : undefined
  if (at === undefined)
    throw new Refusal('invalid', 'A question closes at a time such as 2027-05-01T18:00+02:00, or after a while: 30m, 12h, 3d.')
  const left = at - now.getTime()
  if (left < 5 * MINUTE_MS || left > 31 * DAY_MS)
    throw new Refusal('invalid', 'A question closes in 5 minutes at the earliest, in 31 days at the latest.')
  return new Date(at).toISOString()
}

/** A question takes no more votes. */
export function isClosed({ closesAt, closedAt }: PostDetails, now: Date): boolean {
  return closedAt !== undefined || (closesAt !== undefined && Date.parse(closesAt) <= now.getTime())
}

/**
 * Which options somebody means, by name or by number from 1.
 * @returns their numbers from 0, in order @throws Refusal when an option does not exist, or too many are chosen
 */
export function chosenOptions({ options = [], multiple }: PostDetails, chosen: readonly string[]): number[] {
  const numbers = chosen.map(word => {
    const named = options.findIndex(option => option.name === word.trim())
    if (named >= 0) return named
    if (/^\d+$/.test(word.trim()) && options[Number(word) - 1]) return Number(word) - 1
    const all = options.map((option, at) => `${at + 1} ${option.name}`).join(', ')
    throw new Refusal('invalid', `“${word}” is not an option. There are: ${all}.`)
  })
  const distinct = [...new Set(numbers)].sort((a, b) => a - b)
  if (distinct.length === 0) throw new Refusal('invalid', 'Which option?')
  if (distinct.length > 1 && !multiple) throw new Refusal('invalid', 'Only one option can be chosen here.')
  return distinct
}

function check<T extends z.ZodType>(schema: T, given: unknown, message: string): z.output<T> {
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(issue => ({ path: issue.path.join(' ') || 'all', message: issue.message }))
  throw new Refusal('invalid', message, problems)
}

/** A time with its offset, as a clock on the wall there shows it: the day, “18:00” and “UTC+2”. Undefined for anything else. */
export function wallClock(iso: string): { date: Date; time: string; zone: string } | undefined {
  const [, date, time, , zone] = WITH_ZONE.exec(iso) ?? []
  if (!date || !time || !zone) return undefined
  const offset = zone === 'Z' || /^[+-]00:00$/.test(zone) ? '' : zone.replace(/^([+-])0?(\d+):/, '$1$2:').replace(/:00$/, '')
  return { date: new Date(`${date}T00:00:00Z`), time, zone: `UTC${offset}` }
}

/** The same as one English line: “May 1, 2027, 18:00 (UTC+2)”. */
export function momentWords(iso: string): string {
  const clock = wallClock(iso)
  return clock ? `${day(clock.date)}, ${clock.time} (${clock.zone})` : iso
}
