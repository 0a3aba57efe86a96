import t from 'tap'
import { COUNTRIES, countryMeant } from '../src/domain/country.ts'
import { label, VOCABULARY } from '../src/domain/vocabulary.ts'
import { LABELS } from '../src/domain/vocabulary-label.ts'

t.test('every word has a label fit to be read, and within a field no two share one', async t => {
  for (const [field, words] of Object.entries(VOCABULARY)) {
    const labels = words.map(word => label(field, word))
    for (const [index, text] of labels.entries()) t.match(text, /^[^_]{2,40}$/, `${field}, ${words[index]}`)
    t.equal(new Set(labels).size, labels.length, `${field} has no label twice`)
  }
})

t.test('no label stands for a word that is not there', async t => {
  for (const [field, labels] of Object.entries(LABELS)) {
    const words: readonly string[] = VOCABULARY[field as keyof typeof VOCABULARY]
    for (const word of Object.keys(labels ?? {})) t.ok(words.includes(word), `${field}, ${word}`)
  }
})

t.test('labels', async t => {
  t.equal(label('kind', 'squat_social_centre'), 'Squat or social centre')
  t.equal(label('theme', 'anarchist'), 'Anarchist')
  t.equal(label('themes', 'lgbtq'), 'LGBTQ+')
  t.equal(label('status', 're_forming'), 'Re-forming')
  t.equal(label('country', 'ES'), 'Spain')
  t.equal(label('country', 'XK'), 'Kosovo')
  t.equal(label('languages', 'pt-BR'), 'Brazilian Portuguese')
  t.equal(label('theme', 'solar_punk'), 'solar punk', 'a word of a newer node')
  t.equal(label('moonPhase', 'waxing_gibbous'), 'waxing gibbous', 'a field of a newer node')
  t.equal(label('constructor', 'name'), 'name')
  t.equal(label('kind', 'constructor'), 'constructor')
  t.equal(label('country', 'ZZ'), 'ZZ')
  t.equal(label('language', 'not a tag'), 'not a tag')
})

t.test('the countries are those of ISO 3166-1 and Kosovo', async t => {
  t.equal(COUNTRIES.length, 250)
  t.same(COUNTRIES, [...new Set(COUNTRIES)].sort())
  for (const code of ['UK', 'EU', 'DD', 'SU', 'YU', 'AN', 'ZZ', 'QO', 'es']) t.notOk(COUNTRIES.includes(code), code)
  for (const code of COUNTRIES) t.not(label('country', code), code, `${code} has a name`)
})

t.test('a country is understood by its name, in small letters and by a code many use', async t => {
  t.same(['es', 'Spain', 'UK', 'united states', 'Atlantis', ''].map(countryMeant), ['ES', 'ES', 'GB', 'US', undefined, undefined])
})
