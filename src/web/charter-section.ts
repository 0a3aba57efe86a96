import type { Charter } from '../domain/charter.ts'
import { dailyLife, economy, government, identity, land, membership } from '../domain/charter-section.ts'
import type { Words } from './messages.ts'
import { fieldTitle } from './parts/label.ts'

// The head of the page says these.
const LEFT_OUT = new Set(['name', 'summary', 'theme'])

/** The sections of a charter after its agreements, in the order in which a page shows them. */
const SECTIONS = [
  { id: 'who-we-are', title: 'charter.section.identity', fields: identity },
  { id: 'joining', title: 'charter.section.membership', fields: membership },
  { id: 'deciding', title: 'charter.section.government', fields: government },
  { id: 'money', title: 'charter.section.economy', fields: economy },
  { id: 'land', title: 'charter.section.land', fields: land },
  { id: 'daily-life', title: 'charter.section.dailyLife', fields: dailyLife },
] as const

export type FilledField = { name: string; title: string; value: unknown }
export type FilledSection = { id: string; title: string; fields: FilledField[] }

/** What a charter says, section by section; fields and sections it leaves empty are not there. */
export function filledSections(charter: Charter, words: Words): FilledSection[] {
  const values: Record<string, unknown> = charter
  return SECTIONS.map(({ id, title, fields }) => ({
    id,
    title: words.t(title),
    fields: Object.entries(fields).flatMap(([name, schema]) => {
      const value = values[name]
      if (LEFT_OUT.has(name) || isEmpty(value)) return []
      return [{ name, title: fieldTitle(words, name, schema.meta()?.title ?? name), value }]
    }),
  })).filter(({ fields }) => fields.length > 0)
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === 'unknown' || (Array.isArray(value) && value.length === 0)
}
