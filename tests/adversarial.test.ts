import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'
import { CASES } from './adversarial/cases.ts'
import { root } from './helpers/root.ts'

t.test('the catalogue has every case, once and in order', async t => {
  t.same(
    CASES.map(({ id }) => id),
    Array.from({ length: 108 }, (_, index) => `O-${String(index + 1).padStart(2, '0')}`),
  )
})

t.test('every case is shown where the catalogue says', async t => {
  for (const row of CASES) {
    if (!('file' in row)) continue
    for (const name of [row.file].flat()) {
      const file = new URL(`tests/${name}`, root)
      t.ok(existsSync(file) && namesTest(readFileSync(file, 'utf8'), row.id), `${row.id} ${row.title}: ${name}`)
    }
  }
})

for (const row of CASES) {
  if ('later' in row) t.test(`${row.id} ${row.title}`, { skip: `waits for ${row.later}` }, async () => {})
}

/** Whether some test, or row of a table of tests, bears the id in its name. */
function namesTest(source: string, id: string): boolean {
  const code = source.replace(/^\s*(\/\/|\*|\/\*).*$/gm, '')
  return new RegExp(`(test|attack)\\(\\s*(['"\`])[^\\n]*?\\b${id}\\b|\\bname: (['"\`])[^\\n]*?\\b${id}\\b`).test(code)
}
