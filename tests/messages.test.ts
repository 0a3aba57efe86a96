import t from 'tap'
import { dailyLife, documents, economy, government, identity, land, membership } from '../src/domain/charter-section.ts'
import { VOCABULARY } from '../src/domain/vocabulary.ts'
import { LOCALE_TAGS } from '../src/web/locale.ts'
import { languagesWritten, messagesOf, messagesUsed, phrasesUsed, shapeOf } from './helpers/messages.ts'

const english = messagesOf('en')
const namespaces = [...new Set([...english.keys()].map(id => id.slice(0, id.indexOf('.'))))]
/** The words of charters: English has its own in src/domain, so only the other languages have messages for them. */
const isVocabulary = (id: string) => id.startsWith('vocabulary.')
const phrases = phrasesUsed()
const uses = [...messagesUsed([...namespaces, 'vocabulary']), ...phrases]

t.test('every message that a page says is written in every language', async t => {
  t.same(languagesWritten(), LOCALE_TAGS.toSorted())
  t.ok(uses.length > 200, 'the sources are read')
  for (const locale of LOCALE_TAGS) {
    const texts = messagesOf(locale)
    const missing = uses.filter(({ key, as }) => as === 'whole' && !isVocabulary(key) && !texts.has(key))
    t.same(
      missing.map(({ key, file }) => `${key} in ${file}`),
      [],
      locale,
    )
    t.same(
      [...english.keys()].filter(id => !texts.has(id)),
      [],
      `${locale} has what English has`,
    )
  }
})

t.test('every message that is written is said somewhere', async t => {
  const names = new Set(uses.filter(({ as }) => as !== 'prefix').map(({ key }) => key))
  const prefixes = uses.filter(({ as }) => as === 'prefix').map(({ key }) => key)
  for (const locale of LOCALE_TAGS) {
    const unused = [...messagesOf(locale).keys()].filter(
      id => !isVocabulary(id) && !names.has(id) && !prefixes.some(prefix => id.startsWith(prefix)),
    )
    t.same(unused, [], locale)
  }
})

t.test('a message has in each language the values, tags and cases it has in English, and the plurals the language needs', async t => {
  for (const locale of LOCALE_TAGS) {
    const problems = [...messagesOf(locale)].flatMap(([id, text]) => wrongIn(locale, id, text).map(problem => `${id}: ${problem}`))
    t.same(problems, [], locale)
  }
})

t.test('a refusal gives what its message asks for', async t => {
  t.ok(phrases.length > 30, 'the sources are read')
  const meant = (id: string, { key, as }: (typeof phrases)[number]) => (as === 'prefix' ? id.startsWith(key) : id === key)
  const wanting = phrases.flatMap(phrase =>
    [...english]
      .filter(([id]) => meant(id, phrase))
      .flatMap(([id, text]) =>
        [...shapeOf(text, 'en').values].filter(value => !phrase.values.includes(value)).map(value => `${id}: ${value}`),
      ),
  )
  t.same(wanting, [])
})

function wrongIn(locale: string, id: string, text: string): string[] {
  if (text.trim() === '') return ['is empty']
  const shape = shapeOf(text, locale)
  const original = shapeOf(isVocabulary(id) ? '' : (english.get(id) ?? ''), 'en')
  const parts = (['values', 'tags', 'cases'] as const).filter(
    part => [...shape[part]].toSorted().join() !== [...original[part]].toSorted().join(),
  )
  const missing = shape.plurals.flatMap(({ type, categories }) => missingOf(locale, type, categories))
  return [...parts.map(part => `has other ${part} than in English`), ...missing.map(category => `has no plural “${category}”`)]
}

t.test('every field of a charter and every word of its vocabulary has a name in every language', async t => {
  const sections = { ...identity, ...membership, ...government, ...economy, ...land, ...dailyLife, ...documents }
  const words = Object.entries(VOCABULARY).flatMap(([field, values]) => values.map(value => `vocabulary.${field}.${value}`))
  const wanted = [...Object.keys(sections), 'country', 'place'].map(field => `vocabulary.${field}`).concat(words)
  for (const locale of LOCALE_TAGS.filter(tag => tag !== 'en'))
    t.same([...messagesOf(locale).keys()].filter(isVocabulary).toSorted(), wanted.toSorted(), locale)
  t.same([...english.keys()].filter(isVocabulary), [], 'English has one list of them, in src/domain')
})

/** The categories of numbers met here that a plural leaves out. That of whole millions, in Spanish, French and Portuguese, it may. */
function missingOf(locale: string, type: Intl.PluralRuleType, categories: readonly string[]): string[] {
  const rules = new Intl.PluralRules(locale, { type })
  const numbers = Array.from({ length: 1000 }, (_, number) => number).filter(number => !categories.includes(`=${number}`))
  return [...new Set(numbers.map(number => rules.select(number)))].filter(category => !categories.includes(category))
}
