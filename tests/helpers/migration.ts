import { spawn } from 'node:child_process'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type Database from 'better-sqlite3'
import { root } from './root.ts'

type Journal = { entries: { idx: number; version: string; when: number; tag: string; breakpoints: boolean }[] }

/** A migrations folder of its own: what there is, cut off after `keep`, and one more. */
export function migrationsWith(folder: string, { keep, sql }: { keep?: number; sql?: string }): string {
  cpSync(new URL('migrations', root), folder, { recursive: true })
  const file = join(folder, 'meta/_journal.json')
  const journal = JSON.parse(readFileSync(file, 'utf8')) as Journal
  journal.entries = journal.entries.slice(0, keep)
  if (sql !== undefined) {
    const last = journal.entries.at(-1)!
    journal.entries.push({ ...last, idx: last.idx + 1, when: last.when + 1, tag: '9999_next' })
    writeFileSync(join(folder, '9999_next.sql'), sql)
  }
  writeFileSync(file, JSON.stringify(journal))
  return folder
}

/** What drizzle-kit writes where SQLite can't alter a table: a new one, its rows copied, the old one dropped. */
export function rebuild(client: Database.Database, table: string, copied = `select * from "${table}"`): string {
  const sql = (type: string) =>
    client
      .prepare("select sql from sqlite_master where type = ? and tbl_name = ? and sql is not null and name not like 'sqlite_%'")
      .pluck()
      .all(type, table)
  const [definition] = sql('table') as string[]
  return [
    'PRAGMA foreign_keys=OFF;',
    definition!.replace(new RegExp(`[\`"]${table}[\`"]`), `\`__new_${table}\``),
    `INSERT INTO \`__new_${table}\` ${copied};`,
    `DROP TABLE \`${table}\`;`,
    `ALTER TABLE \`__new_${table}\` RENAME TO \`${table}\`;`,
    'PRAGMA foreign_keys=ON;',
    ...(sql('index') as string[]),
  ].join('\n--> statement-breakpoint\n')
}

/** Opens a database in a process of its own, with these migrations; killed after `killAfterMs` of its work, if that is given. */
export function openElsewhere(
  file: string,
  folder: string,
  killAfterMs?: number,
): Promise<{ code: number | null; err: string; ms: number }> {
  const open = new URL('../../src/db/open.js', import.meta.url).href
  const script = `const { openDatabase } = await import(${JSON.stringify(open)})
    process.stdout.write('go')
    openDatabase(process.argv[1], process.argv[2]).$client.close()`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, file, folder], { stdio: ['ignore', 'pipe', 'pipe'] })
  let err = ''
  let began = 0
  child.stderr.on('data', chunk => (err += String(chunk)))
  child.stdout.once('data', () => {
    began = performance.now()
    if (killAfterMs !== undefined) setTimeout(() => child.kill('SIGKILL'), killAfterMs)
  })
  return new Promise(resolve => child.once('close', code => resolve({ code, err, ms: performance.now() - began })))
}
