import type { CharterFault } from '../../domain/charter-fault.ts'
import { charterFields, type FormField } from '../../domain/charter-form.ts'
import type { Words } from '../messages.ts'
import { fieldTitle } from '../parts/label.ts'

// English titles and help stand in the schema; the other languages have messages for them.

export function titleOfField(words: Words, { id, key, title }: Pick<FormField, 'id' | 'key' | 'title'>): string {
  if (!id.includes('.') || id === 'place.country') return fieldTitle(words, key, title)
  const message = `charterform.title.${id}`
  return words.has(message) ? words.t(message) : title
}

export function helpOfField(words: Words, { id, help }: Pick<FormField, 'id' | 'help'>): string {
  const message = `charterform.help.${id}`
  return words.has(message) ? words.t(message) : help
}

/** What is wrong, as one sentence. */
export function faultWords(words: Words, { fault, most, least }: CharterFault): string {
  return words.t(`charterform.fault.${fault}`, { most, least })
}

/** Which field a fault is about: “Agreements, 2: Title”. */
export function faultPlace(words: Words, name: string): string {
  const steps = name.split('.')
  const titles: string[] = []
  let fields: readonly FormField[] = charterFields()
  for (const step of steps) {
    if (/^\d+$/.test(step)) {
      titles.push(words.number(Number(step) + 1))
      continue
    }
    const field = fields.find(({ key }) => key === step)
    if (!field) break
    titles.push(titleOfField(words, field))
    fields = 'fields' in field ? field.fields : []
  }
  return titles.join(words.t('charter.comma')) || words.t('charterform.whole')
}
