import t from 'tap'
import { Charter, readCharterFile } from '../src/domain/charter.ts'
import { Refusal } from '../src/domain/refusal.ts'
import { aCharter } from './helpers/charters.ts'

/** The problems of a charter file, as a person reads them. */
function problems(text: string, fileName = 'charter.json'): string[] {
  try {
    readCharterFile(text, fileName)
    return []
  } catch (error) {
    if (!(error instanceof Refusal) || error.reason !== 'invalid') throw error
    return error.problems.length ? error.problems.map(({ path, message }) => `${path}: ${message}`) : [error.message]
  }
}

const problemsWith = (change: object) => problems(JSON.stringify({ ...aCharter(), ...change }))

t.test('each problem is told in plain words, with where it stands', async t => {
  const table: [object, string | RegExp][] = [
    [{ name: undefined }, 'name: is missing'],
    [{ name: '  ' }, 'name: is empty'],
    [{ name: 'x'.repeat(101) }, 'name: is too long: at most 100 characters (it has 101)'],
    [{ name: '\u200b\u2060' }, 'name: holds nothing that can be read'],
    [{ name: 'Oak \u202egrove' }, "name: holds the invisible character U+202E after 'Oak': take it out"],
    [{ summary: 'Bell \u0007' }, "summary: holds the invisible character U+0007 after 'Bell': take it out"],
    [{ summary: '\ud83d' }, 'summary: holds the invisible character U+D83D at its beginning: take it out'],
    [{ summary: 7 }, 'summary: must be text (it is 7: put it in quotes)'],
    [{ contact: null }, 'contact: is empty: fill it in or leave it out'],
    [{ theemes: ['left'] }, 'theemes: is not a field of the charter. Did you mean themes?'],
    [{ children_education: ['none'] }, 'children_education: is not a field of the charter. Did you mean childrenEducation?'],
    [{ xyzzy: 1 }, 'xyzzy: is not a field of the charter.'],
    [{ '\u001b[31mred': 1 }, ' [31mred: is not a field of the charter.'],
    [{ themes: ['ecological', 'leftt'] }, /^themes, 2nd: 'leftt' is not one of left, right, anarchist, .*, other\. Did you mean 'left'\?$/],
    [{ status: 'xyzzy' }, "status: 'xyzzy' is not one of idea, forming, established, re_forming, dormant, disbanded."],
    [{ openToMembers: true }, "openToMembers: true is not one of yes, waitlist, no, unknown. Did you mean 'yes'?"],
    [{ kind: 'commune' }, "kind: must be a list, such as [ecovillage] (it is 'commune')"],
    [{ kind: [] }, 'kind: needs at least one'],
    [
      { themes: ['left', 'right', 'arts', 'care', 'elders'] },
      "themes: has too many: at most 5 with the main theme, and 'ecological' is not among them",
    ],
    [{ adults: 2.5 }, 'adults: must be a whole number between 0 and 1,000,000 (it is 2.5)'],
    [{ status: 'disbanded' }, 'disbanded: is missing: give the year in which the community ended'],
    [{ status: 'disbanded', disbanded: 1900, startedLivingTogether: 1901 }, 'disbanded: 1900 is before the community began (1901)'],
    [{ startedPlanning: 2001, startedLivingTogether: 2000 }, 'startedLivingTogether: 2000 is before startedPlanning (2001)'],
    [{ disbanded: -3001 }, 'disbanded: must be a whole number between -3000 and 2200 (it is -3001)'],
    [{ place: { latitude: 'north', longitude: 1 } }, "place, latitude: must be a number between -90 and 90 (it is 'north')"],
    [{ place: { latitude: 1 } }, 'place, longitude: is missing: give both coordinates or none'],
    [{ place: { lattitude: 1 } }, 'place, lattitude: is not a field of place. Did you mean latitude?'],
    [
      { place: { country: 'UK' } },
      "place, country: 'UK' is not a country code of two capital letters (ISO 3166), such as ES. Did you mean 'GB'?",
    ],
    [{ place: 'here' }, "place: must be a group of fields, such as precision and country (it is 'here')"],
    [{ languages: ['en', 'english'] }, "languages, 2nd: 'english' is not a language code such as en, es or pt-BR"],
    [{ website: 'example.org' }, "website: must be an address that begins with https:// or http:// (it is 'example.org')"],
    [{ website: 'https://a:b@example.org' }, 'website: must not hold a user name or password'],
    [{ website: 'https://[::1' }, "website: is not a valid address (it is 'https://[::1')"],
    [{ regularFee: { amount: 5, currency: 'EUR' } }, 'regularFee, period: is missing'],
    [{ agreements: [{ title: 'a', text: 'b' }, { title: 'a', text: 'b' }, { text: 'b' }] }, 'agreements, 3rd, title: is missing'],
    [{ agreements: [{ title: 'a' }] }, 'agreements, 1st, text: is missing: give the text of the agreement, or a url where it stands'],
    [
      { agreements: [{ title: 'a', text: 'b', titel: 'c' }] },
      'agreements, 1st, titel: is not a field of agreements, 1st. Did you mean title?',
    ],
    [
      { agreements: [{ title: 'a', text: 'b', adopted: '2023-02-29' }] },
      "agreements, 1st, adopted: '2023-02-29' is no day of the calendar",
    ],
    [{ agreements: Array(101).fill({ title: 'a', text: 'b' }) }, 'agreements: has too many: at most 100 (it has 101)'],
    [
      { agreements: Array(4).fill({ title: 'a', text: 'x'.repeat(20_000) }) },
      'the charter: is too long: at most 64 kB as JSON (it takes 79 kB)',
    ],
  ]
  for (const [change, expected] of table) {
    const found = problemsWith(change)
    t.equal(found.length, 1, found.join('\n'))
    t.match(found[0], expected)
  }
})

t.test('all problems are told at once, those of several fields together among them', async t => {
  const found = problemsWith({ name: '', adults: 1.5, status: 'disbanded', place: { latitude: 'north' }, agreements: [{}], theemes: [] })
  const fields = [
    'name',
    'adults',
    'place, latitude',
    'place, longitude',
    'agreements, 1st, title',
    'agreements, 1st, text',
    'theemes',
    'disbanded',
  ]
  t.same(
    found.map(problem => problem.split(':')[0]),
    fields,
  )
})

t.test('a file that is not JSON says where it stops being JSON', async t => {
  const table: [string, string][] = [
    ['{\n  "name": "Oak",\n}', 'line 3, column 1: there is a comma too many before }'],
    ['{"kind": ["commune",]}', 'line 1, column 21: there is a comma or colon too many before ]'],
    ['{\n\t"name": Oak}', 'line 2, column 10: a text in double quotes, a number, true, false, { or [ must stand here'],
    ["{'name': 1}", 'line 1, column 2: a name in double quotes must stand here'],
    ['{"name" "Oak"}', 'line 1, column 9: a colon must follow "name"'],
    ['{"a": 1 "b": 2}', 'line 1, column 9: a comma or } must stand here'],
    ['{"name": "Oak\ngrove"}', 'line 1, column 10: this text has no closing quote on its line, or a backslash that means nothing'],
    ['{"name": "Oak"', 'line 1, column 15: the text ends too early: a comma or } must stand here'],
    ['{"name": "Oak"} !', 'line 1, column 17: nothing may follow the last bracket'],
    ['{"name": "Oak",\n "name": "Elm"}', 'line 2, column 2: "name" is there twice'],
    ['{"adults": 01}', 'line 1, column 12: a text in double quotes, a number, true, false, { or [ must stand here'],
    ['['.repeat(200_000), 'line 1, column 34: this is nested too deeply'],
  ]
  for (const [text, expected] of table) t.same(problems(text), [expected])
})

t.test('what is JSON for the runtime is JSON here', async t => {
  const odd = {
    ...aCharter(),
    summary: '"\\/\b\f€\u2028\u007f😀'.replace(/[\b\f\u007f]/g, ''),
    adults: 1e2,
    joinFee: { amount: 0.5e-1, currency: 'EUR' },
  }
  t.same(
    readCharterFile(`\ufeff\r\n\t${JSON.stringify(odd, null, '\t').replace('€', '\\u20ac').replace('/', '\\/')} \n`, 'A.JSON'),
    Charter.parse(odd),
  )
})

t.test('a file that is not plain YAML says where', async t => {
  const table: [string, string | RegExp][] = [
    ['name: Oak: a grove', "line 1, column 7: a text with ': ' in it must stand in quotes"],
    ['name: Oak\nname: Elm', 'line 2, column 1: this name was already used above'],
    ['name: Oak\nplace:\n\tcountry: ES', /^line 3, column 1: lines are indented with spaces, not with tabs$/],
    ['name: Oak\nkind: [commune', /^line 2, column \d+: .+/],
    ['a: &x [1]\nb: *x', /^line 2, column 4: \*x stands for a text elsewhere in the file/],
    ['name: !oak tree', /^line 1, column 7: tags such as !this mean nothing here/],
    ['name: Oak\n---\nname: Elm', /^line 2, column 1: there must be only one document/],
    ['- '.repeat(100_000), 'line 1, column 65: this is nested too deeply'],
    ['{a: '.repeat(50_000), 'line 1, column 129: this is nested too deeply'],
    ['- name: Oak', 'the charter: must be a group of fields, such as name and summary (it is a list)'],
  ]
  for (const [text, expected] of table) t.match(problems(text, 'charter.yaml')[0], expected)
})

t.test('YAML is read by its version 1.2: no is the word no, Norway is Norway, and a merge key is a field like any', async t => {
  const yaml =
    'name: Oak\nsummary: >-\n  A grove\n  of oaks.\nkind: [commune]\ntheme: left\nstatus: idea\nopenToMembers: no\nplace: { country: NO }\n'
  t.match(readCharterFile(`%YAML 1.1\n---\n${yaml}`, 'oak.yml'), {
    summary: 'A grove of oaks.',
    openToMembers: 'no',
    place: { country: 'NO' },
  })
  t.same(problems(`${yaml}"<<": { name: Elm }\n`, 'oak.yml'), ['<<: is not a field of the charter.'])
  t.same(problems(`${yaml}__proto__: { contact: me }\n`, 'oak.yml'), ['__proto__: is not a field of the charter.'])
})

t.test('empty and oversized files', async t => {
  t.same(problems(' \n', 'folder/oak.yaml'), ['The charter file oak.yaml is empty.'])
  t.same(problems(`name: ${'é'.repeat(131_072)}`, 'oak.yaml'), ['The charter file oak.yaml is larger than 256 kB.'])
  t.equal(
    problems(JSON.stringify({ list: Array(5000).fill(1), ...Object.fromEntries(Array.from({ length: 500 }, (_, i) => [i, 1])) })).length,
    100,
  )
})
