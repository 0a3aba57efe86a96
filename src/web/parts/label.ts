import { countryName } from '../../domain/country.ts'
import { label } from '../../domain/vocabulary.ts'
import type { Words } from '../messages.ts'
import { useWords } from './use-words.ts'

/** Words for a value of a field of the charter, a country or a language: `label('kind', 'commune')`. */
export type Label = (field: string, value: string) => string

// Names under which a field's own vocabulary, or the codes of countries and languages, also go.
const OTHER_NAMES: Record<string, string> = { themes: 'theme', kinds: 'kind', locationPrecision: 'precision', languages: 'language' }

/** Labels in the language of a page. What it has no word for, such as a value from a newer node, is said as English says it. */
export function labelIn(words: Words): Label {
  if (words.locale === 'en') return label
  return (field, value) => {
    const name = OTHER_NAMES[field] ?? field
    if (name === 'country') return countryName(value) === undefined ? value : (words.nameOf('region', value) ?? label(name, value))
    if (name === 'language') return words.nameOf('language', value) ?? label(name, value)
    const id = `vocabulary.${name}.${value}`
    return words.has(id) ? words.t(id) : label(name, value)
  }
}

/** What a field of the charter is called in the language of a page. @param english its title in the schema */
export function fieldTitle(words: Words, field: string, english: string): string {
  const id = `vocabulary.${field}`
  return words.has(id) ? words.t(id) : english
}

export function useLabel(): Label {
  return labelIn(useWords())
}
