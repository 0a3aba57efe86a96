import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import t from 'tap'
import { charterOfHistory, historicCommunities } from '../scripts/history.ts'
import { charterJsonSchema, readCharterFile } from '../src/domain/charter.ts'
import { fileContent } from '../src/domain/charter-file.ts'

const folder = ['../examples/', '../../examples/'].map(up => fileURLToPath(new URL(up, import.meta.url))).find(existsSync) ?? ''
const files = readdirSync(folder).filter(file => /\.(json|yaml)$/.test(file) && file !== 'history.json')
const text = (file: string) => readFileSync(folder + file, 'utf8')

const ajv = new Ajv2020({ allErrors: true })
addFormats.default(ajv)
const valid = ajv.compile(charterJsonSchema())

t.test('the example charters are valid, and say that they are history', async t => {
  t.same(files.toSorted(), ['brook-farm-2.json', 'brook-farm.json', 'ephrata-cloister.yaml', 'minerva.yaml', 'monte-verita.yaml'])
  for (const file of files) {
    const history = { status: 'disbanded', summary: /^History \(/, agreements: [{ title: 'What this page is' }] }
    t.match(readCharterFile(text(file), file), history, file)
    t.ok(valid(fileContent(text(file), file)), ajv.errorsText(valid.errors))
  }
})

t.test('they differ in what a demonstration shows', async t => {
  const read = (file: string) => readCharterFile(text(file), file)
  const themes = ['brook-farm.json', 'brook-farm-2.json', 'monte-verita.yaml', 'ephrata-cloister.yaml', 'minerva.yaml'].map(
    file => read(file).theme,
  )
  t.same(themes, ['left', 'left', 'anarchist', 'spiritual', 'right'])
  t.equal(read('brook-farm.json').name, read('brook-farm-2.json').name)
  t.notSame(read('brook-farm.json').agreements, read('brook-farm-2.json').agreements)
  t.equal(read('minerva.yaml').place, undefined)
})

t.test('every community of history has ended, and makes a charter that says so', async t => {
  const communities = historicCommunities()
  t.equal(communities.length, 70)
  for (const community of communities) {
    t.ok(community.dissolved, community.name)
    const charter = charterOfHistory(community)
    t.match(charter, { status: 'disbanded', summary: /^History \(\d+/, openToMembers: 'no' })
    t.ok(valid(charter), ajv.errorsText(valid.errors))
  }
})

t.test('the folder says what is in it', async t => {
  const readme = text('README.md')
  for (const file of [...files, 'history.json']) t.ok(readme.includes(`\`${file}\``), file)
})
