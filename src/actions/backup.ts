import type { Context } from '../context.ts'
import { record } from '../db/event.ts'
import { LAST_BACKUP, type MadeBackup } from '../db/node-status.ts'
import { transact } from '../db/open.ts'
import { saveSetting } from '../db/setting.ts'

/** Remembers that a backup was made. */
export function noteBackup(ctx: Pick<Context, 'db' | 'now'>, { at, file, bytes }: MadeBackup): void {
  transact(ctx.db, tx => {
    saveSetting(tx, LAST_BACKUP, JSON.stringify({ at: at.getTime(), file, bytes }))
    record(tx, { kind: 'backup.made', subject: file, at: ctx.now() })
  })
}
