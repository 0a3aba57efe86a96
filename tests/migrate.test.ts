import { copyFileSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import t from 'tap'
import { type Connection, openDatabase } from '../src/db/open.ts'
import { manyEntries, saveAll } from './helpers/entries.ts'
import { migrationsWith, openElsewhere, rebuild } from './helpers/migration.ts'

type Client = Database.Database

/** A node's database with rows in every table that others refer to. */
function populated(file: string, entries = 20): Connection {
  const db = openDatabase(file)
  saveAll(db, manyEntries(entries))
  db.$client.exec(`
    insert into activities (iri, actor, type, public, body, at) values ('https://a/1', 'https://a', 'Create', 1, '{}', 1), ('https://a/2', 'https://a', 'Create', 1, '{}', 2);
    insert into deliveries (activity, inbox, host, queued_at, due_at) select id, 'https://b/' || id, 'b', 1, 1 from activities;
    insert into posts (iri, author, local, type, content, url, published_at) values ('https://a/p', 'https://a', 0, 'Note', '', 'https://a/p', 1);
    insert into reactions (post, actor, kind, iri, at) select id, 'https://b', 'like', 'https://b/l', 1 from posts;
    insert into inquiries (state, held, wish, at, changed_at) values ('new', 0, 'visit', 1, 1);
    insert into inquiry_messages (inquiry, voice, text, at) select id, 'seeker', 'May I come?', 1 from inquiries;
    insert into stewards (name, password_hash, role, created_at) values ('ana', '', 'owner', 1);
    insert into apps (client_id, secret_hash, name, redirect_uris, scopes, created_at) values ('c', 'h', 'App', '[]', 'read', 1);
    insert into tokens (hash, app, scopes, created_at) select 't', id, 'read', 1 from apps;
    insert into reading_lists (title, replies) values ('Near', 'list');
    insert into filters (title, action) values ('Spam', 'hide');
    insert into blocklists (name, at) values ('ours', 1)`)
  return db
}

function counts(client: Client): Record<string, number> {
  const names = client
    .prepare(
      "select name from pragma_table_list where schema = 'main' and type = 'table' and name not like 'sqlite_%' and name not like '\\_\\_%' escape '\\' order by name",
    )
    .pluck()
    .all() as string[]
  return Object.fromEntries(names.map(name => [name, client.prepare(`select count(*) from "${name}"`).pluck().get() as number]))
}

function look<T>(file: string, see: (client: Client) => T): T {
  const client = new Database(file)
  try {
    return see(client)
  } finally {
    client.close()
  }
}
const countsIn = (file: string) => look(file, counts)
const parentsIn = (client: Client) =>
  client
    .prepare('select distinct f."table" from pragma_table_list t, pragma_foreign_key_list(t.name) f where t.schema = \'main\'')
    .pluck()
    .all() as string[]

t.test('a rebuild of a table that others refer to keeps every row (O-97)', async t => {
  const dir = t.testdir()
  const made = join(dir, 'made.sqlite')
  const db = populated(made)
  const before = counts(db.$client)
  const parents = parentsIn(db.$client)
  t.ok(parents.length >= 2 && parents.every(parent => before[parent]! > 0), `there are rows in ${parents.join(' and ')}`)
  t.ok(before.entry_facets! > 2 && before.deliveries === 2, 'and in their children')
  const rebuilds = parents.map(parent => [parent, rebuild(db.$client, parent)] as const)
  db.$client.close()

  for (const [parent, sql] of rebuilds) {
    const file = join(dir, parent, 'node.sqlite')
    const folder = migrationsWith(join(dir, parent), { sql })
    copyFileSync(made, file)
    openDatabase(file, folder).$client.close()
    t.strictSame(countsIn(file), before, parent)
    t.strictSame(countsIn(join(dir, parent, 'backups/before-9999_next.sqlite')), before, 'a copy was made first')
    t.equal(statSync(join(dir, parent, 'backups/before-9999_next.sqlite')).mode & 0o777, 0o600)
    t.equal(
      look(file, client => client.prepare('select max(created_at) from __drizzle_migrations').pluck().get()),
      nextTime(made),
    )
  }
})

t.test('a migration that would lose rows, or what they refer to, changes nothing and says so (O-97)', async t => {
  const dir = t.testdir()
  const made = join(dir, 'made.sqlite')
  const db = populated(made)
  const before = counts(db.$client)
  const columns = (table: string) =>
    (db.$client.pragma(`table_info(${table})`) as { name: string }[]).map(({ name }) => `"${name}"`).slice(1)
  const wrong: Record<string, [string, RegExp]> = {
    losing: [
      rebuild(db.$client, 'entries', 'select * from entries where id > (select min(id) from entries)'),
      /Rows would change in entries/,
    ],
    orphaning: [
      rebuild(db.$client, 'activities', `select id + 1000, ${columns('activities').join(', ')} from activities`),
      /deliveries would refer to rows of activities/,
    ],
    failing: [`DELETE FROM followers;\n--> statement-breakpoint\nALTER TABLE nonsense ADD x`, /no such table/],
  }
  db.$client.close()
  for (const [name, [sql, why]] of Object.entries(wrong)) {
    const file = join(dir, name, 'node.sqlite')
    const folder = migrationsWith(join(dir, name), { sql })
    copyFileSync(made, file)
    for (const attempt of ['at first', 'and at the next start']) {
      const error = caught(() => openDatabase(file, folder))
      t.match(error, { message: /Nothing was changed; a copy is at .*before-9999_next/, cause: { message: why } }, `${name} ${attempt}`)
      t.strictSame(countsIn(file), before, `${name} ${attempt}`)
    }
    t.strictSame(readdirSync(join(dir, name, 'backups')), ['before-9999_next.sqlite'], 'attempts do not fill the disk with copies')
    const again = openDatabase(file)
    t.strictSame(counts(again.$client), before, 'the version before still runs on it')
    again.$client.close()
  }
})

t.test('kill -9 at 50 moments of an upgrade: all of it or nothing (O-98)', async t => {
  const dir = t.testdir()
  const made = join(dir, 'made.sqlite')
  const db = populated(made, 1_500)
  const before = counts(db.$client)
  const sql = rebuild(db.$client, 'entries')
  db.$client.close()
  const folder = migrationsWith(join(dir, 'migrations'), { sql })
  const upgraded = nextTime(made)
  const undisturbed = join(dir, 'undisturbed.sqlite')
  copyFileSync(made, undisturbed)
  const { ms, code } = await openElsewhere(undisturbed, folder)
  t.equal(code, 0)

  const found = { old: 0, new: 0 }
  const wrong: string[] = []
  const rounds = Array.from({ length: 50 }, (_, round) => round)
  async function work(): Promise<void> {
    for (let round = rounds.pop(); round !== undefined; round = rounds.pop()) {
      const home = join(dir, `killed-${round}`)
      mkdirSync(home)
      const file = join(home, 'node.sqlite')
      copyFileSync(made, file)
      await openElsewhere(file, folder, Math.random() * ms)
      const { last, whole } = look(file, client => ({
        last: client.prepare('select max(created_at) from __drizzle_migrations').pluck().get(),
        whole: client.pragma('integrity_check', { simple: true }),
      }))
      found[last === upgraded ? 'new' : 'old']++
      const after = JSON.stringify(countsIn(file))
      openDatabase(file, folder).$client.close()
      const atLast = JSON.stringify(countsIn(file))
      if (whole !== 'ok' || after !== JSON.stringify(before) || atLast !== after) wrong.push(`${round}: ${whole} ${after} ${atLast}`)
      rmSync(home, { recursive: true })
    }
  }
  await Promise.all([work(), work()])
  t.strictSame(wrong, [])
  t.equal(found.old + found.new, 50)
  t.comment(`killed within ${ms.toFixed(0)} ms: ${found.old} times nothing was changed, ${found.new} times everything`)
})

t.test('two processes that start at once upgrade once, and neither fails', async t => {
  const dir = t.testdir()
  const file = join(dir, 'node.sqlite')
  const db = populated(file)
  const before = counts(db.$client)
  const folder = migrationsWith(join(dir, 'migrations'), { sql: 'CREATE TABLE `added` (`id` integer)' })
  db.$client.close()
  const both = await Promise.all([openElsewhere(file, folder), openElsewhere(file, folder)])
  t.match(both, [
    { code: 0, err: '' },
    { code: 0, err: '' },
  ])
  t.strictSame(countsIn(file), { ...before, added: 0 })
})

t.test('a database of the first version there was becomes one of this version', async t => {
  const dir = t.testdir()
  const file = join(dir, 'node.sqlite')
  const old = openDatabase(file, migrationsWith(join(dir, 'migrations'), { keep: 1 }))
  old.$client.exec("insert into settings values ('publicUrl', 'https://oak.example')")
  const before = counts(old.$client)
  old.$client.close()
  const db = openDatabase(file)
  t.match(counts(db.$client), before)
  t.ok(counts(db.$client).entries_text !== undefined || db.$client.prepare("select 1 from sqlite_master where name = 'entries_text'").get())
  t.equal(db.$client.pragma('foreign_keys', { simple: true }), 1)
  t.equal(db.$client.pragma('synchronous', { simple: true }), 2)
  db.$client.close()
})

/** When the migration that a test adds says it was made. */
function nextTime(file: string): number {
  return look(file, client => (client.prepare('select max(created_at) from __drizzle_migrations').pluck().get() as number) + 1)
}

function caught(work: () => unknown): unknown {
  try {
    work()
  } catch (error) {
    return error
  }
  return undefined
}
