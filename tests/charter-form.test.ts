import fc from 'fast-check'
import t from 'tap'
import { Charter, charterJsonSchema } from '../src/domain/charter.ts'
import { charterInput, merged, rawOf, withoutEmpty, withStep } from '../src/domain/charter-draft.ts'
import { judgeDraft } from '../src/domain/charter-fault.ts'
import { charterFields, charterForm, type FormField } from '../src/domain/charter-form.ts'
import { aCharter, charters } from './helpers/charters.ts'

t.test('the form holds every field of the schema, with a title and help', async t => {
  const names = charterFields().map(({ key }) => key)
  t.same([...names, 'lastVerified'].toSorted(), Object.keys(charterJsonSchema().properties as object).toSorted())
  const all = (fields: readonly FormField[]): FormField[] =>
    fields.flatMap(field => [field, ...('fields' in field ? all(field.fields) : [])])
  for (const { id, title, help } of all(charterFields())) t.ok(title && help, id)
  const sorts = Object.fromEntries(all(charterFields()).map(field => [field.id, field.kind === 'line' ? field.sort : field.kind]))
  t.match(sorts, {
    name: 'words',
    website: 'link',
    'agreements.adopted': 'date',
    'joinFee.currency': 'currency',
    membershipProcess: 'prose',
    expires: 'day',
    kind: 'choices',
    theme: 'choice',
    languages: 'tags',
    adults: 'number',
    place: 'group',
    agreements: 'list',
  })
  t.equal(charterForm()[0]?.id, 'identity')
})

t.test('a charter put into the form comes out of it as it was', async t => {
  fc.assert(
    fc.property(charters(), charter => {
      const judged = judgeDraft(rawOf(charter))
      // A group in which nothing was said is not kept: a place without any detail is no place.
      const { place, affiliations, ...said } = charter
      const rest = affiliations?.length ? { ...said, affiliations } : said
      const { place: kept, ...others } = 'charter' in judged ? judged.charter : ({} as Charter)
      t.same(others, rest)
      if (place && Object.keys(place).length > 1) t.same(kept, place)
    }),
    { numRuns: 60 },
  )
})

t.test('what is wrong is told field by field, in the order of the form', async t => {
  const faults = (changes: Record<string, unknown>) => {
    const judged = judgeDraft({ ...rawOf(aCharter()), ...changes } as never)
    return 'faults' in judged ? judged.faults.map(({ name, fault }) => `${name}: ${fault}`) : []
  }
  t.same(faults({ name: '  ', theme: '', kind: [] }), ['name: missing', 'kind: missing', 'theme: missing'])
  t.same(faults({ adults: 'a dozen', startedPlanning: '19.5' }), ['startedPlanning: whole', 'adults: whole'])
  t.same(faults({ website: 'example.org', languages: 'en, gibberish', contact: '\u202eabc' }), [
    'languages: language',
    'website: link',
    'contact: unreadable',
  ])
  t.same(faults({ startedPlanning: '2001', startedLivingTogether: '1999' }), ['startedLivingTogether: beginsEarly'])
  t.same(faults({ status: 'disbanded' }), ['disbanded: notEnded'])
  t.same(faults({ status: 'disbanded', startedLivingTogether: '2000', disbanded: '1990' }), ['disbanded: endsEarly'])
  t.same(faults({ theme: 'left', themes: ['right', 'arts', 'care', 'health', 'science'] }), ['themes: mainTheme'])
  t.same(faults({ kind: ['commune', 'ecovillage', 'monastic', 'network'] }), ['kind: many'])
  t.same(faults({ place: { precision: 'locality', latitude: '3' } }), ['place.longitude: coordinates'])
  t.same(faults({ agreements: [{ title: '' }, { title: 'x', text: 'y', adopted: 'soon' }] }), [
    'agreements.0.title: missing',
    'agreements.0.text: emptyAgreement',
    'agreements.1.adopted: date',
  ])
  t.same(faults({ joinFee: { amount: '12', currency: '' } }), ['joinFee.currency: missing'])
  t.same(faults({ joinFee: { amount: '12,50', currency: 'euro' } }), ['joinFee.currency: currency'])
  t.same(faults({ expires: 'in a while' }), ['expires: day'])
  t.same(faults({ agreements: Array.from({ length: 5 }, () => ({ title: 'x', text: 'y'.repeat(19_999) })) }), [': size'])
  t.same(faults({ name: 'x'.repeat(101), regularFee: { amount: '', currency: '', period: '' } }), ['name: long'])
})

t.test('lists grow, shrink and change their order; what stays empty goes', async t => {
  const raw = rawOf(
    aCharter({
      agreements: [
        { title: 'one', text: '1' },
        { title: 'two', text: '2' },
      ],
    }),
  )
  const titles = (of: typeof raw) => (charterInput(of).agreements as { title?: string }[]).map(({ title }) => title)
  t.same(titles(withStep(raw, 'agreements', 'down', 0)), ['two', 'one'])
  t.same(titles(withStep(raw, 'agreements', 'up', 0)), ['one', 'two'])
  t.same(titles(withStep(raw, 'agreements', 'remove', 0)), ['two'])
  const more = withStep(raw, 'agreements', 'add')
  t.same(titles(more), ['one', 'two', undefined])
  t.same(titles(withoutEmpty(charterFields(), more)), ['one', 'two'])
})

t.test('what two changed comes together, and where both changed the same it is told', async t => {
  const base = rawOf(aCharter())
  const mine = { ...base, name: 'Mine', adults: '4' }
  const theirs = { ...base, name: 'Theirs', children: '2' }
  t.same(merged(base, mine, theirs), { raw: { ...base, name: 'Mine', adults: '4', children: '2' }, both: ['name'], taken: ['children'] })
  t.same(merged(base, base, theirs).raw, theirs)
  t.same(Charter.safeParse(charterInput(merged(base, mine, base).raw)).data?.adults, 4)
})
