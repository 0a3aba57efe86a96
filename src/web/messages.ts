import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { IntlMessageFormat } from 'intl-messageformat'
import type { ComponentChildren } from 'preact'
import { directionOf, type Locale } from './locale.ts'

type Value = string | number | Date | boolean
/** What a tag in a message becomes: `<link>words</link>` is given the words. */
type Tag = (words: ComponentChildren[]) => ComponentChildren

/** What pages say, in one language: messages of ICU MessageFormat, by `namespace.key`. */
export type Words = {
  locale: Locale
  dir: 'ltr' | 'rtl'
  /** A message as text. @throws when there is none of this name in English either */
  t(id: string, values?: Record<string, Value>): string
  /** The same where the message holds tags, or something is put into it that is more than text. */
  rich(id: string, values: Record<string, Value | Tag | ComponentChildren>): ComponentChildren
  number(value: number): string
  /** A day, in UTC. */
  day(date: Date): string
  /** Whether there is a message of this name in this very language. */
  has(id: string): boolean
  /** What a country or a language is called, if there is a name for it. */
  nameOf(type: 'region' | 'language', code: string): string | undefined
}

/** The messages of every language, each read from src/web/messages when somebody first wants it. */
export function createMessages(folder = messageFolder()): (locale: Locale) => Words {
  const spoken = new Map<Locale, Words>()
  const texts = (locale: Locale) => readTexts(join(folder, locale))
  return locale => {
    const known = spoken.get(locale)
    if (known) return known
    const words = wordsOf(locale, texts(locale), locale === 'en' ? undefined : texts('en'))
    spoken.set(locale, words)
    return words
  }
}

function wordsOf(locale: Locale, texts: Map<string, string>, fallback: Map<string, string> | undefined): Words {
  const formats = new Map<string, IntlMessageFormat>()
  const numbers = new Intl.NumberFormat(locale)
  const days = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' })
  const names = {
    region: new Intl.DisplayNames(locale, { type: 'region', fallback: 'none' }),
    language: new Intl.DisplayNames(locale, { type: 'language', fallback: 'none' }),
  }
  const formatOf = (id: string) => {
    const made = formats.get(id)
    if (made) return made
    const text = texts.get(id)
    const other = text ?? fallback?.get(id)
    if (other === undefined) throw new Error(`There is no message “${id}”.`)
    const format = new IntlMessageFormat(other, text === undefined ? 'en' : locale)
    formats.set(id, format)
    return format
  }
  return {
    locale,
    dir: directionOf(locale),
    t: (id, values) => String(formatOf(id).format(values)),
    rich: (id, values) => formatOf(id).format<ComponentChildren>(values as Record<string, Value>) as ComponentChildren,
    number: value => numbers.format(value),
    day: date => days.format(date),
    has: id => texts.has(id),
    nameOf: (type, code) => {
      try {
        return names[type].of(code)
      } catch {
        // Others write what they like where a code should stand.
        return undefined
      }
    },
  }
}

function readTexts(folder: string): Map<string, string> {
  const texts = new Map<string, string>()
  for (const file of existsSync(folder) ? readdirSync(folder) : []) {
    const namespace = file.replace(/\.json$/, '')
    const all = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, string>
    for (const [key, text] of Object.entries(all)) texts.set(`${namespace}.${key}`, text)
  }
  return texts
}

// Beside this module where it was copied with the build, else where it is kept.
function messageFolder(): string {
  for (const up of ['messages', '../../../src/web/messages']) {
    const folder = fileURLToPath(new URL(up, import.meta.url))
    if (existsSync(join(folder, 'en'))) return folder
  }
  throw new Error('The folder src/web/messages is missing.')
}
