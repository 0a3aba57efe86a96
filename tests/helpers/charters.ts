import fc from 'fast-check'
import { Charter } from '../../src/domain/charter.ts'
import { COUNTRIES } from '../../src/domain/country.ts'
import { VOCABULARY, type VocabularyField } from '../../src/domain/vocabulary.ts'

/** A small valid charter, with what a test cares about set over it. */
export function aCharter(overrides: Partial<Charter> = {}): Charter {
  return Charter.parse({
    name: 'Fern Hollow',
    summary: 'A community of the tests.',
    kind: ['commune'],
    theme: 'ecological',
    status: 'established',
    agreements: [{ title: 'Purpose', text: 'To live together.' }],
    ...overrides,
  })
}

/** Any valid charter, as parsing leaves it. */
export function charters(): fc.Arbitrary<Charter> {
  return charterInputs().map(input => Charter.parse(input))
}

/** Any charter a steward may write: untidy texts, words in any order and twice. */
export function charterInputs(): fc.Arbitrary<Record<string, unknown>> {
  const required = fc.record({
    name: line(),
    summary: line(),
    kind: words('kind', 3),
    theme: word('theme'),
    themes: fc.array(word('theme'), { maxLength: 4 }),
    status: fc.constantFrom(...VOCABULARY.status.filter(status => status !== 'disbanded')),
  })
  return fc.tuple(required, fc.record(details(), { requiredKeys: [] })).map(([one, other]) => ({ ...one, ...other }))
}

function details(): Record<string, fc.Arbitrary<unknown>> {
  return {
    startedPlanning: fc.integer({ min: -3000, max: 1500 }),
    startedLivingTogether: fc.integer({ min: 1500, max: 2200 }),
    openToMembers: word('openToMembers'),
    openToVisitors: word('openToVisitors'),
    openToVolunteers: word('openToVolunteers'),
    membershipProcess: prose(),
    trialPeriodMonths: fc.integer({ min: 0, max: 600 }),
    place: place(),
    languages: fc.array(fc.constantFrom('en', 'es', 'pt-br', 'PT-BR', 'zh-Hant', 'gsw', 'iw'), { maxLength: 5 }),
    decisionMaking: words('decisionMaking'),
    leadership: word('leadership'),
    spiritualTraditions: words('spiritualTraditions'),
    incomeSharing: word('incomeSharing'),
    joinFee: fc.record({ amount: amount(), currency: fc.constantFrom('EUR', 'USD') }),
    regularFee: fc.record({ amount: amount(), currency: fc.constant('CHF'), period: word('period') }),
    landOwner: words('landOwner'),
    landArea: fc.record({ amount: amount(), unit: word('unit') }),
    labourHoursPerWeek: fc.double({ min: 0, max: 168, noNaN: true }),
    housing: words('housing'),
    adults: fc.integer({ min: 0, max: 500 }),
    diet: words('diet'),
    childrenEducation: words('childrenEducation'),
    website: fc.webUrl({ withQueryParameters: true }).filter(url => Charter.shape.website.safeParse(url).success),
    contact: line(),
    affiliations: fc.array(fc.record({ name: line(), rel: word('rel') }, { requiredKeys: ['name'] }), { maxLength: 3 }),
    agreements: fc.array(fc.record({ title: line(), text: prose(), adopted: date() }, { requiredKeys: ['title', 'text'] }), {
      maxLength: 5,
    }),
    lastVerified: fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }).map(moment => moment.toISOString()),
  }
}

/** Any place a steward may write, with every detail, some or none. */
export function place(): fc.Arbitrary<Record<string, unknown>> {
  const details = fc.record(
    { precision: word('precision'), country: fc.constantFrom(...COUNTRIES), region: line(), locality: line(), street: line() },
    { requiredKeys: [] },
  )
  return fc.tuple(details, fc.option(point(), { nil: {} })).map(([one, other]) => ({ ...one, ...other }))
}

/** Any point on earth, the poles and the date line more often than chance would have it. */
export function point(): fc.Arbitrary<{ latitude: number; longitude: number }> {
  return fc.record({ latitude: degrees(90), longitude: degrees(180) })
}

function degrees(limit: number): fc.Arbitrary<number> {
  const edges = fc.constantFrom(-limit, limit, 0, -0, 4.35, 0.1, 0.3, -0.005, limit - 1e-6, 1e-9)
  return fc.oneof({ weight: 4, arbitrary: fc.double({ min: -limit, max: limit, noNaN: true }) }, { weight: 1, arbitrary: edges })
}

function word(field: VocabularyField): fc.Arbitrary<string> {
  return fc.constantFrom<string[]>(...VOCABULARY[field])
}

function words(field: VocabularyField, maxLength = 4): fc.Arbitrary<string[]> {
  return fc.array(word(field), { minLength: 1, maxLength })
}

function amount(): fc.Arbitrary<number> {
  return fc.oneof({ weight: 9, arbitrary: fc.double({ min: 0, max: 1e9, noNaN: true }) }, { weight: 1, arbitrary: fc.constant(-0) })
}

function date(): fc.Arbitrary<string> {
  return fc.constantFrom('1841', '1841-09', '1841-09-29', '2024-02-29')
}

// Decomposed letters and stray spaces, so that tidying has something to do.
function line(): fc.Arbitrary<string> {
  const unit = fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
    fc.constantFrom(' ', '  ', '\n', 'e\u0301', 'Å', 'ß', 'ك', '群'),
  )
  return fc.string({ unit, minLength: 1, maxLength: 12 }).filter(text => Charter.shape.name.safeParse(text).success)
}

function prose(): fc.Arbitrary<string> {
  return fc.array(line(), { minLength: 1, maxLength: 4 }).map(lines => lines.join('\r\n\r\n'))
}
