import { lazy } from '../lib/lazy.ts'
import { COUNTRIES } from './country.ts'
import { VALUE_FIELDS } from './search-text.ts'
import { cutWords, valueToken } from './search-token.ts'
import { KIND_WORDS } from './synonyms/kind.ts'
import { THEME_WORDS } from './synonyms/theme.ts'
import { label, VOCABULARY } from './vocabulary.ts'

/** What words mean that are no words of an entry: values of its fields. */
export type Meanings = {
  /** Tokens of values whose English label has this word, or which are called so in some language. */
  byWord: ReadonlyMap<string, readonly string[]>
  /** The same for names of several words, joined by spaces: whole ones of other languages, and every part of an English label. */
  byWords: ReadonlyMap<string, readonly string[]>
}

const LONGEST_NAME = 4
/** Values that say nothing without their field: somebody who looks for "other" means something else. */
const HOLLOW = new Set(['yes', 'no', 'unknown', 'other', 'none', 'undecided'])
const LITTLE = new Set('or and the by in at of for a an is to with on no not'.split(' '))
/** Countries and languages are known by their names in these. */
const LOCALES = ['en', 'es', 'fr', 'de', 'pt', 'it', 'nl', 'pl', 'ca', 'eu', 'sv', 'ru', 'ar', 'ja', 'zh']
const LANGUAGES =
  'aa af am an ar as ast av ay az ba be bg bm bn bo br bs ca ce ceb co cs cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha haw he hi hr ht hu hy id ig is it iu ja jv ka kk kl km kn ko ku kw ky la lb lg ln lo lt lv mg mi mk ml mn mr ms mt my nah nb ne nl nn no nv oc om or os pa pap pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr st su sv sw ta te tg th ti tk tl tn to tr ts tt ty ug uk ur uz vi wa wo xh yi yo yue zh zu'.split(
    ' ',
  )

/** Made once, when somebody first searches for words. */
export const meanings: () => Meanings = lazy(() => {
  const byWord = new Map<string, string[]>()
  const byWords = new Map<string, string[]>()
  const add = (map: Map<string, string[]>, words: string, token: string) => {
    const known = map.get(words)
    if (!known) map.set(words, [token])
    else if (!known.includes(token)) known.push(token)
  }
  /** Every part of a label means it, in whatever order the parts come. */
  const addParts = (name: string, token: string) => {
    const words = cutWords(name)
    for (const word of words) if (!LITTLE.has(word)) add(byWord, word, token)
    for (let length = 2; length <= Math.min(words.length, LONGEST_NAME); length++)
      for (let place = 0; place + length <= words.length; place++) add(byWords, words.slice(place, place + length).join(' '), token)
  }
  /** Only the whole name means it: "red de comunidades" must not make everything with "de" a network. */
  const addWhole = (name: string, token: string) => {
    const words = cutWords(name)
    if (words.length === 1) add(byWord, words[0]!, token)
    else if (words.length <= LONGEST_NAME) add(byWords, words.join(' '), token)
  }
  for (const field of VALUE_FIELDS)
    for (const value of VOCABULARY[field])
      if (!HOLLOW.has(value)) for (const name of [label(field, value), value]) addParts(name.replaceAll('_', ' '), valueToken(field, value))
  for (const [field, all] of [['kind', KIND_WORDS], ['theme', THEME_WORDS]] as const) // biome-ignore format: pairs
    for (const [value, names] of Object.entries(all)) for (const name of names.split(',')) addWhole(name, valueToken(field, value))
  for (const locale of LOCALES) {
    const names = new Intl.DisplayNames(locale, { type: 'region', fallback: 'none' })
    const tongues = new Intl.DisplayNames(locale, { type: 'language', fallback: 'none' })
    const addName = locale === 'en' ? addParts : addWhole
    for (const code of COUNTRIES) addName(names.of(code) ?? '', valueToken('country', code))
    for (const code of LANGUAGES) addName(tongues.of(code) ?? '', valueToken('language', code))
  }
  return { byWord, byWords }
})

/** So many words a name has at most that `meanings` knows. */
export const LONGEST_MEANING = LONGEST_NAME
