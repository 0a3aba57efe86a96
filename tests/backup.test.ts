import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import t from 'tap'
import { followActor } from '../src/actions/following.ts'
import { backUp, restore } from '../src/db/backup.ts'
import { openDatabase } from '../src/db/open.ts'
import { postsBy } from '../src/db/post.ts'
import { holdServingLock } from '../src/db/serving-lock.ts'
import { LARGEST_PICTURE } from '../src/domain/media.ts'
import { lookUp } from '../src/federation/lookup.ts'
import { archipelago, ended, serve, until } from './helpers/command.ts'
import { startForeign } from './helpers/foreign.ts'
import { freePort, settle, startNode } from './helpers/node.ts'
import { root } from './helpers/root.ts'

const example = new URL('examples/brook-farm.json', root).pathname
const place = (dataDir: string) => ({ dataDir, database: join(dataDir, 'archipelago.sqlite') })

/** What a copy says of what it received: every id from 1 on, or something is missing. */
function receivedIn(file: string): { count: number; last: number; whole: unknown } {
  const db = new Database(file, { readonly: true })
  const { count, last } = db.prepare('select count(*) as count, coalesce(max(id), 0) as last from received').get() as {
    count: number
    last: number
  }
  const whole = db.pragma('integrity_check', { simple: true })
  db.close()
  return { count, last, whole }
}

t.test('a busy node is backed up, its machine is lost, and another one carries on with its keys (O-99)', async t => {
  const dir = t.testdir()
  const env = { PORT: String(await freePort()), ALLOW_PRIVATE_ADDRESSES: 'true', DATA_DIR: join(dir, 'first') }
  const url = `http://localhost:${env.PORT}`
  await archipelago(env, ['setup', '--charter', example, '--handle', 'brookfarm'])
  const first = await serve(env)
  t.teardown(() => first.kill('SIGKILL'))
  const fern = await startNode(t, { handle: 'fern' })
  followActor(fern.ctx, (await lookUp(fern.federation, `${url}/c/brookfarm`)).id)
  await settle(fern)
  await until(async () => (await (await fetch(`${url}/c/brookfarm/followers`)).json()).totalItems === 1)

  const stranger = await startForeign(t)
  const file = join(dir, 'copy.sqlite')
  let accepted = 0
  let over = false
  const busy = Array.from({ length: 4 }, async () => {
    while (!over) {
      const { status } = await stranger.send(`${url}/inbox`, stranger.activity('Like', stranger.newId()))
      if (status === 202) accepted++
    }
  })
  await until(() => accepted > 20)
  const before = accepted
  const began = Date.now()
  const ran = await archipelago(env, ['backup', file])
  const seconds = (Date.now() - began) / 1000
  const after = accepted
  over = true
  await Promise.all(busy)

  t.match(ran, { code: 0, out: new RegExp(`${url} is backed up`), err: /private keys/ })
  t.ok(after > before, `${((after - before) / seconds).toFixed(0)} activities a second were accepted meanwhile`)
  t.comment(`${after - before} activities in ${seconds} s`)
  t.equal(statSync(file).mode & 0o777, 0o600)
  const held = receivedIn(file)
  t.equal(held.whole, 'ok')
  t.equal(held.count, held.last, 'one moment of it: nothing is left out in between')
  t.ok(held.count >= before && held.count <= accepted + 2, 'and a moment while the backup was made')

  await ended(first, 'SIGKILL')
  const second = { ...env, DATA_DIR: join(dir, 'second') }
  t.match(await archipelago(second, ['restore', file]), { code: 0, out: /is restored/, err: new RegExp(`PUBLIC_URL=${url}`) })
  t.equal(statSync(join(second.DATA_DIR, 'archipelago.sqlite')).mode & 0o777, 0o600)
  const again = await serve(second)
  t.teardown(() => again.kill('SIGKILL'))
  await archipelago(second, ['post', 'We are back'])
  await until(() => postsBy(fern.ctx.db, `${url}/c/brookfarm`, { limit: 5 }).some(({ content }) => content.includes('We are back')))
  t.equal(await ended(again, 'SIGTERM'), 0)
})

t.test('a restore writes no picture that no node could have kept, and then nothing at all', async t => {
  const dir = t.testdir()
  const { database } = place(join(dir, 'data'))
  nodeIn(database)
  const file = join(dir, 'copy')
  backUp(database, file)
  const made = new Database(file)
  made.exec('create table if not exists backup_media (name text primary key, bytes blob not null)')
  made.prepare('insert into backup_media values (?, zeroblob(?))').run(`${'a'.repeat(32)}.jpg`, LARGEST_PICTURE + 1)
  made.close()
  const fresh = place(join(dir, 'fresh'))
  t.throws(() => restore(file, fresh), { name: 'Refusal', message: /larger than 16 MB/ })
  t.notOk(existsSync(fresh.database))
  t.notOk(existsSync(join(fresh.dataDir, 'media')))
})

t.test('a backup overwrites nothing, and leaves nothing half done', async t => {
  const dir = t.testdir()
  const { database } = place(join(dir, 'data'))
  t.throws(() => backUp(database, join(dir, 'x')), { name: 'Refusal', reason: 'missing' })
  t.notOk(existsSync(database), 'asking for a backup makes no database')
  nodeIn(database)
  const file = join(dir, 'copy')
  t.match(backUp(database, file), { publicUrl: 'https://oak.example' })
  writeFileSync(join(dir, 'mine'), 'words')
  for (const taken of [file, join(dir, 'mine'), database]) t.throws(() => backUp(database, taken), { name: 'Refusal', reason: 'conflict' })
  t.equal(readFileSync(join(dir, 'mine'), 'utf8'), 'words')
  t.throws(() => backUp(database, join(dir, 'no', 'such', 'folder')))
  damage(database)
  t.throws(() => backUp(database, join(dir, 'damaged')))
  t.strictSame(readdirSync(dir).sort(), ['copy', 'data', 'mine'])
})

t.test('a restore takes only a node’s backup of a version we know, and only where there is nothing', async t => {
  const dir = t.testdir({ words: 'not a database', empty: '' })
  const { database } = place(join(dir, 'data'))
  nodeIn(database)
  const good = join(dir, 'good')
  backUp(database, good)

  const other = new Database(join(dir, 'other'))
  other.exec('create table settings (name, value)')
  other.close()
  backUp(database, join(dir, 'newer'))
  const newer = new Database(join(dir, 'newer'))
  newer.exec("insert into __drizzle_migrations (hash, created_at) values ('x', 99999999999999)")
  newer.close()
  backUp(database, join(dir, 'cut'))
  damage(join(dir, 'cut'))

  const fresh = place(join(dir, 'fresh'))
  for (const [name, message] of Object.entries({
    missing: /There is no file/,
    words: /no database of an Archipelago node/,
    empty: /no database of an Archipelago node/,
    other: /no database of an Archipelago node/,
    newer: /written by a newer version/,
    cut: /malformed|damaged|no database/,
  })) {
    t.throws(() => restore(join(dir, name), fresh), { message }, name)
    t.notOk(existsSync(fresh.database), name)
  }

  t.throws(() => restore(good, place(join(dir, 'data'))), { name: 'Refusal', reason: 'conflict' })
  const stale = place(join(dir, 'stale'))
  mkdirSync(stale.dataDir)
  writeFileSync(`${stale.database}-wal`, 'of another database')
  t.throws(() => restore(good, stale), { name: 'Refusal', reason: 'conflict' }, 'a log that was left lying there')

  const release = holdServingLock(fresh.dataDir)
  const ran = await archipelago({ DATA_DIR: fresh.dataDir }, ['restore', good])
  t.match(ran, { code: 1, err: /Another server is already running/ })
  release()

  t.match(restore(good, fresh), { publicUrl: 'https://oak.example' })
  const db = openDatabase(fresh.database)
  t.equal(db.$client.prepare('select count(*) from settings').pluck().get(), 1)
  t.equal(db.$client.pragma('journal_mode', { simple: true }), 'wal')
  db.$client.close()
})

function nodeIn(database: string): void {
  const db = openDatabase(database)
  db.$client.exec("insert into settings values ('publicUrl', 'https://oak.example')")
  db.$client.close()
}

/** The first page stays, what lies behind it is gone. */
function damage(file: string): void {
  const bytes = readFileSync(file)
  writeFileSync(file, bytes.fill(0xa5, 4096))
}
