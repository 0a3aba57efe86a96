import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readThrough } from '../src/lib/read-through.ts'

t.test('a file is read to its end, and no further once nobody wants it', async t => {
  const file = join(t.testdir(), 'large')
  writeFileSync(file, Buffer.alloc(2.5 * 2 ** 20))
  const asked = async (goOn: (times: number) => boolean) => {
    let times = 0
    await readThrough(file, () => goOn(++times))
    return times
  }
  // The pauses keep no process alive; here nothing else would.
  const alive = setInterval(() => undefined, 1000)
  t.teardown(() => clearInterval(alive))
  t.equal(await asked(() => true), 3, 'a megabyte at a time')
  t.equal(await asked(times => times < 2), 2)
  await t.rejects(
    readThrough(join(t.testdirName, 'missing'), () => true),
    { code: 'ENOENT' },
  )
})
