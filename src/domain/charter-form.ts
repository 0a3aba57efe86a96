import { z } from 'zod'
import { lazy } from '../lib/lazy.ts'
import { dailyLife, documents, economy, government, identity, land, membership } from './charter-section.ts'
import { Place } from './place.ts'

/** What one field of the form takes. A `line` of several sorts is still one line. */
export type FieldSort =
  | { kind: 'line'; sort: 'words' | 'link' | 'currency' | 'date' | 'language'; most: number }
  | { kind: 'prose'; most: number }
  | { kind: 'number'; min: number; max: number; whole: boolean }
  | { kind: 'day' }
  /** `fallback` is what counts where nothing is chosen. */
  | { kind: 'choice'; words: readonly string[]; fallback: string | undefined }
  | { kind: 'choices'; words: readonly string[]; most: number }
  /** Several short texts on one line, with commas between them. */
  | { kind: 'tags'; most: number }
  | { kind: 'group'; fields: FormField[] }
  | { kind: 'list'; fields: FormField[]; most: number }

export type FormField = {
  /** Within its group; the whole name in the form is the path to it, with dots. */
  key: string
  /** The path without the places in lists: `agreements.title`. */
  id: string
  /** In English. Pages in other languages have their own. */
  title: string
  help: string
  required: boolean
} & FieldSort

export type FormSection = { id: string; fields: FormField[] }

// `lastVerified` is not typed: it is said with one press. The charter itself comes before what it belongs to.
const { agreements, affiliations, expires } = documents
const SECTIONS: Record<string, Record<string, z.ZodType>> = {
  identity,
  membership,
  place: { place: Place.meta({ title: 'Place', description: 'Where it is. Left out by a community that holds no territory.' }) },
  government,
  economy,
  land,
  'daily-life': dailyLife,
  agreements: { agreements, affiliations, expires },
}

/** The form of a charter, section by section: made of its schema, so that a new field is in it by itself. */
export const charterForm: () => readonly FormSection[] = lazy(() =>
  Object.entries(SECTIONS).map(([id, shape]) => ({ id, fields: fieldsOf(shape, '') })),
)

/** Every field at the top of the form, whatever its section. */
export const charterFields: () => readonly FormField[] = lazy(() => charterForm().flatMap(({ fields }) => fields))

function fieldsOf(shape: Record<string, z.core.$ZodType>, parent: string): FormField[] {
  return Object.entries(shape).map(([key, schema]) => {
    const { inner, optional, fallback } = unwrapped(schema)
    const { title = key, description = '' } = { ...metaOf(inner), ...metaOf(schema) }
    const id = parent ? `${parent}.${key}` : key
    return { key, id, title, help: description, required: !optional && fallback === undefined, ...sortOf(inner, id, fallback) }
  })
}

function sortOf(schema: z.core.$ZodType, id: string, fallback: unknown): FieldSort {
  if (schema instanceof z.ZodEnum)
    return { kind: 'choice', words: schema.options.map(String), fallback: fallback === undefined ? undefined : String(fallback) }
  if (schema instanceof z.ZodNumber)
    return { kind: 'number', min: schema.minValue ?? 0, max: schema.maxValue ?? 0, whole: metaOf(schema).type === 'integer' }
  if (schema instanceof z.ZodObject) return { kind: 'group', fields: fieldsOf(schema.shape, id) }
  if (schema instanceof z.ZodArray) {
    const most = Number(metaOf(schema).maxItems ?? 100)
    if (schema.element instanceof z.ZodObject) return { kind: 'list', fields: fieldsOf(schema.element.shape, id), most }
    if (schema.element instanceof z.ZodEnum) return { kind: 'choices', words: schema.element.options.map(String), most }
    return { kind: 'tags', most }
  }
  if (schema instanceof z.ZodISODateTime) return { kind: 'day' }
  if (!(schema instanceof z.ZodString)) throw new Error(`The form of the charter knows no such field as ${id}.`)
  const most = schema.maxLength ?? 100
  const takes = (text: string) => schema.safeParse(text).success
  // Two lines come out as one where a field has one line.
  if (schema.safeParse('a\nb').data === 'a\nb') return { kind: 'prose', most }
  return { kind: 'line', sort: takes('some words') ? 'words' : sortTold(takes), most }
}

/** What a text that takes no words is, told by what it takes. */
function sortTold(takes: (text: string) => boolean): 'link' | 'currency' | 'date' | 'language' | 'words' {
  if (takes('https://example.org/')) return 'link'
  if (takes('1841-09')) return 'date'
  if (takes('EUR')) return 'currency'
  return takes('pt-BR') ? 'language' : 'words'
}

function metaOf(schema: z.core.$ZodType): z.GlobalMeta {
  return (schema instanceof z.ZodType ? schema.meta() : undefined) ?? {}
}

function unwrapped(schema: z.core.$ZodType): { inner: z.core.$ZodType; optional: boolean; fallback: unknown } {
  if (schema instanceof z.ZodExactOptional || schema instanceof z.ZodOptional) return { ...unwrapped(schema.unwrap()), optional: true }
  if (schema instanceof z.ZodDefault) return { ...unwrapped(schema.unwrap()), fallback: schema.def.defaultValue }
  return { inner: schema, optional: false, fallback: undefined }
}
