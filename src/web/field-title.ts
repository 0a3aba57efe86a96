import { dailyLife, documents, economy, government, identity, land, membership } from '../domain/charter-section.ts'
import { Place } from '../domain/place.ts'
import type { Words } from './messages.ts'
import { fieldTitle } from './parts/label.ts'

// A search asks for a theme or a language; the charter has a list of them.
const PLURALS: Record<string, string> = { theme: 'themes', language: 'languages' }

type Named = Record<string, { meta(): { title?: string | undefined } | undefined }>

/** What a field of the charter is called in the language of a page: `theme`, `language` and `country` among them. */
export function titleOf(words: Words, name: string): string {
  if (name === 'country') return fieldTitle(words, name, Place.shape.country.meta()?.title ?? name)
  const fields: Named = { ...identity, ...membership, ...government, ...economy, ...land, ...dailyLife, ...documents }
  const field = PLURALS[name] ?? name
  return fieldTitle(words, field, fields[field]?.meta()?.title ?? field)
}
