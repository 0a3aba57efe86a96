import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { knownPart } from '../lib/known-part.ts'
import { group, optional } from './charter-field.ts'
import { fileContent, fileTitle } from './charter-file.ts'
import { invalid, problemsOf } from './charter-problem.ts'
import { dailyLife, documents, economy, government, identity, land, membership } from './charter-section.ts'
import { Place, publicPlace } from './place.ts'
import { Refusal } from './refusal.ts'
import { KINDS, type Precision, THEMES } from './vocabulary.ts'

/** The most a charter may take as JSON, in bytes of UTF-8. */
export const MAX_CHARTER_BYTES = 64 * 1024

const Fields = group({
  ...identity,
  ...membership,
  place: optional(Place, 'Place', 'Where it is. Left out by a community that holds no territory.'),
  ...government,
  ...economy,
  ...land,
  ...dailyLife,
  ...documents,
})
export type Charter = z.infer<typeof Fields>

/** What a community says of itself, as its steward writes it. Parsing tidies texts and puts the main theme first among the themes. */
export const Charter = Fields
  // A check that waits for faultless fields would hide its fault until those are mended.
  .superRefine(checkTogether, { when: ({ value }) => typeof value === 'object' && value !== null })
  .overwrite(charter => ({ ...charter, themes: [charter.theme, ...charter.themes.filter(theme => theme !== charter.theme)] }))
  .superRefine((charter, context) => {
    const size = longestBytes(charter)
    if (size <= MAX_CHARTER_BYTES) return
    context.addIssue({ code: 'custom', message: `is too long: at most 64 kB as JSON (it takes ${Math.ceil(size / 1024)} kB)` })
  })
  .meta({
    title: 'Charter',
    description: 'The charter of an intentional community.',
    if: { properties: { status: { const: 'disbanded' } }, required: ['status'] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { required: ['disbanded'] },
  })

/**
 * A charter out of anything: a form, a message, a record.
 * @param title what a message calls it
 * @throws Refusal 'invalid' with every problem there is, each with its path in plain words
 */
export function readCharter(value: unknown, title = 'The charter'): Charter {
  const { data, error } = Charter.safeParse(value)
  if (data) return data
  throw invalid(title, error ? problemsOf(Charter, error) : [])
}

/**
 * Reads a charter as a steward wrote it.
 * @param text the file's content, JSON or YAML as its name says
 * @throws Refusal 'invalid' with every problem of the charter, or with the lines and columns where the file is not JSON or YAML
 */
export function readCharterFile(text: string, fileName: string): Charter {
  return readCharter(fileContent(text, fileName), fileTitle(fileName))
}

/** One published state of the charter. Editions count from 1; an old one is never changed. */
export type Edition = { edition: number; publishedAt: Date; charter: Charter }

/**
 * The edition that follows `current`.
 * @throws Refusal 'conflict' where the charter says the same as the current edition
 */
export function nextEdition(current: Edition | undefined, charter: Charter, now: Date): Edition {
  if (current && isDeepStrictEqual(current.charter, charter)) {
    throw new Refusal('conflict', `The charter says the same as edition ${current.edition}, so there is nothing to publish.`)
  }
  return { edition: (current?.edition ?? 0) + 1, publishedAt: now, charter }
}

/**
 * The only form of a charter that may leave the node: its place is shown no finer than its own precision, nor than `coarsest`.
 * For an old edition `coarsest` is `shownPrecision()` of the current one. Applying it twice changes nothing.
 */
export function publicCharter(charter: Charter, coarsest: Precision = 'exact'): Charter {
  return charter.place ? { ...charter, place: publicPlace(charter.place, coarsest) } : charter
}

/** How exactly a community now shows its place; one that no longer names any place wants none shown. */
export function shownPrecision(current: Charter): Precision {
  return current.place?.precision ?? 'hidden'
}

/**
 * A charter as another node sent it, or undefined where it is none. Fields and words of a newer vocabulary are left out; an unknown
 * theme or kind becomes 'other'. Every bound on sizes, numbers and texts holds as at home. `status` has no word for "other", so an
 * unknown one refuses the charter.
 */
export function charterFromWire(value: unknown): Charter | undefined {
  if (typeof value !== 'object' || value === null || !isSmall(value)) return undefined
  const known = knownPart(Charter, withOthers(value))
  return Charter.safeParse(known).data
}

/** The charter as JSON Schema (draft 2020-12), with a title and help for each field. It describes what a steward writes. */
export function charterJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(Charter, { target: 'draft-2020-12', io: 'input' }) }
}

function checkTogether(charter: Partial<Charter>, context: z.core.$RefinementCtx): void {
  const refuse = (field: keyof Charter, message: string) => context.addIssue({ code: 'custom', path: [field], message })
  const { theme, themes, status, startedPlanning: planned, startedLivingTogether: began, disbanded: ended } = charter
  if (Array.isArray(themes) && theme && themes.length === 5 && !themes.includes(theme)) {
    refuse('themes', `has too many: at most 5 with the main theme, and '${theme}' is not among them`)
  }
  if (status === 'disbanded' && ended === undefined) refuse('disbanded', 'is missing: give the year in which the community ended')
  if (isAfter(planned, began)) refuse('startedLivingTogether', `${began} is before startedPlanning (${planned})`)
  // A community that formed again may have begun to live together after its end.
  if (status === 'disbanded' && isAfter(began ?? planned, ended))
    refuse('disbanded', `${ended} is before the community began (${began ?? planned})`)
}

function isAfter(year: unknown, other: unknown): boolean {
  return typeof year === 'number' && typeof other === 'number' && year > other
}

// Coarsening may lengthen the place by a few characters, so it is weighed at its longest: what may be published may also be sent.
function longestBytes(charter: Charter): number {
  const place = charter.place && { ...charter.place, precision: 'locality', latitude: -89.999999, longitude: -179.999999 }
  return Buffer.byteLength(JSON.stringify({ ...charter, ...(place && { place }) }))
}

function isSmall(value: object): boolean {
  try {
    return Buffer.byteLength(JSON.stringify(value)) <= MAX_CHARTER_BYTES
  } catch {
    // Circular, or nested beyond the stack: nothing that came as JSON.
    return false
  }
}

function withOthers(value: object): object {
  const { theme, themes, kind }: Record<string, unknown> = { ...value }
  const other = (words: readonly string[]) => (word: unknown) => (typeof word !== 'string' || words.includes(word) ? word : 'other')
  const others = (words: readonly string[], list: unknown) => (Array.isArray(list) ? list.map(other(words)) : list)
  return { ...value, theme: other(THEMES)(theme), themes: others(THEMES, themes), kind: others(KINDS, kind) }
}
