import { type ListStep, type Raw, type RawValue, rawGroup, rawList } from '../../domain/charter-draft.ts'
import type { FormField, FormSection } from '../../domain/charter-form.ts'

export type Body = Record<string, unknown>

/** What a section of the form says, put over the rest of the draft. Fields that did not come stay as they are. */
export function withSection(raw: Raw, section: FormSection, body: Body): Raw {
  return { ...raw, ...readFields(section.fields, '', body, raw) }
}

function readFields(fields: readonly FormField[], parent: string, body: Body, before: Raw): Raw {
  return Object.fromEntries(
    fields.map(field => {
      const name = parent ? `${parent}.${field.key}` : field.key
      return [field.key, readField(field, name, body, before[field.key])]
    }),
  )
}

function readField(field: FormField, name: string, body: Body, before: RawValue | undefined): RawValue {
  if (field.kind === 'group') return readFields(field.fields, name, body, rawGroup(before))
  if (field.kind === 'list') {
    const count = Math.min(Number(textOf(body[`${name}.count`]) ?? rawList(before).length) || 0, field.most + 1)
    return Array.from({ length: count }, (_, at) => readFields(field.fields, `${name}.${at}`, body, rawList(before)[at] ?? {}))
  }
  // Of boxes none of which is ticked nothing comes; the empty one beside them says that they were there.
  if (field.kind === 'choices')
    return body[name] === undefined && Array.isArray(before) ? (before as string[]) : listOf(body[name]).filter(word => word !== '')
  return textOf(body[name])?.replace(/\r\n?/g, '\n') ?? (typeof before === 'string' ? before : '')
}

/** The button that was pressed: `remove:agreements:2`. */
export function stepIn(body: Body): { step: ListStep; list: string; at: number } | undefined {
  const [, step, list, at] = /^(add|remove|up|down):(\w+)(?::(\d{1,3}))?$/.exec(textOf(body.do) ?? '') ?? []
  return step && list ? { step: step as ListStep, list, at: Number(at ?? 0) } : undefined
}

export function textOf(value: unknown): string | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value
  return typeof first === 'string' ? first : undefined
}

export function listOf(value: unknown): string[] {
  return [value].flat().filter(item => typeof item === 'string')
}
