import type { Charter } from '../domain/charter.ts'
import { dailyLife, economy, government, identity, land, membership } from '../domain/charter-section.ts'

// The head of the page says these.
const LEFT_OUT = new Set(['name', 'summary', 'theme'])

/** The sections of a charter after its agreements, in the order in which a page shows them. */
const SECTIONS = [
  { id: 'who-we-are', title: 'Who we are', fields: identity },
  { id: 'joining', title: 'Joining and visiting', fields: membership },
  { id: 'deciding', title: 'Deciding and believing', fields: government },
  { id: 'money', title: 'Money and work', fields: economy },
  { id: 'land', title: 'Land and housing', fields: land },
  { id: 'daily-life', title: 'Daily life', fields: dailyLife },
] as const

export type FilledField = { name: string; title: string; value: unknown }
export type FilledSection = { id: string; title: string; fields: FilledField[] }

/** What a charter says, section by section; fields and sections it leaves empty are not there. */
export function filledSections(charter: Charter): FilledSection[] {
  const values: Record<string, unknown> = charter
  return SECTIONS.map(({ id, title, fields }) => ({
    id,
    title,
    fields: Object.entries(fields).flatMap(([name, schema]) => {
      const value = values[name]
      if (LEFT_OUT.has(name) || isEmpty(value)) return []
      return [{ name, title: schema.meta()?.title ?? name, value }]
    }),
  })).filter(({ fields }) => fields.length > 0)
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === 'unknown' || (Array.isArray(value) && value.length === 0)
}
