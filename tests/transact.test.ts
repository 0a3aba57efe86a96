import t, { type Test } from 'tap'
import { groupCommit } from '../src/db/group-commit.ts'
import { openDatabase, reading, savepoint, transact } from '../src/db/open.ts'
import { saveSetting, setting } from '../src/db/setting.ts'

function open(t: Test) {
  const db = openDatabase(':memory:')
  t.teardown(() => db.$client.close())
  return db
}

t.test('what a savepoint wrote goes with it, and what the transaction around it wrote stays', async t => {
  const db = open(t)
  transact(db, tx => {
    saveSetting(tx, 'outer', 'kept')
    t.throws(() =>
      savepoint(db, inner => {
        saveSetting(inner, 'inner', 'lost')
        throw new Error('no')
      }),
    )
  })
  t.equal(setting(db, 'outer'), 'kept')
  t.equal(setting(db, 'inner'), undefined)
})

t.test('a transaction within another is part of it: where it fails, all is undone', async t => {
  const db = open(t)
  t.throws(() =>
    transact(db, tx => {
      saveSetting(tx, 'outer', 'lost')
      transact(db, inner => {
        saveSetting(inner, 'inner', 'lost')
        throw new Error('no')
      })
    }),
  )
  t.same([setting(db, 'inner'), setting(db, 'outer')], [undefined, undefined])
})

t.test('a transaction that fails leaves nothing, nor does what was done within it', async t => {
  const db = open(t)
  t.throws(() =>
    transact(db, tx => {
      transact(db, inner => saveSetting(inner, 'inner', 'lost'))
      saveSetting(tx, 'outer', 'lost')
      throw new Error('no')
    }),
  )
  t.same([setting(db, 'inner'), setting(db, 'outer')], [undefined, undefined])
})

t.test('of a group only the member that fails is undone, with all it did', async t => {
  const db = open(t)
  const commit = groupCommit(db, 0)
  const outcomes = await Promise.allSettled([
    commit(() => transact(db, tx => saveSetting(tx, 'first', 'kept'))),
    commit(() => {
      transact(db, tx => saveSetting(tx, 'second', 'lost'))
      throw new Error('no')
    }),
    commit(() => reading(db, () => setting(db, 'first'))),
  ])
  t.same(
    outcomes.map(it => it.status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
  t.same([setting(db, 'first'), setting(db, 'second')], ['kept', undefined])
  t.throws(() => reading(db, () => setting(undefined as never, 'x')))
  t.notOk(db.$client.inTransaction, 'reading ends its transaction when it fails')
})
