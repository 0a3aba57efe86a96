import { type Connection, LOG_PAGES } from './open.ts'

/** Pages of the log from which on a commit moves them into the database itself where another connection sees to it. */
const AS_A_LAST_RESORT = 32_000

/** Leaves it to another connection to keep the log short, so that no commit here has to wait for it. */
export function leaveCheckpoints(db: Connection): void {
  db.$client.pragma(`wal_autocheckpoint = ${AS_A_LAST_RESORT}`)
}

/**
 * For a connection that writes only what can be fetched again: a commit does not wait for the disk. If the power fails, the last of them
 * are gone as if they had never been, and nothing else is; whatever another connection commits afterwards brings them to the disk with it.
 */
export function trustTheDisk(db: Connection): void {
  db.$client.pragma('synchronous = NORMAL')
}

export function resumeCheckpoints(db: Connection): void {
  db.$client.pragma(`wal_autocheckpoint = ${LOG_PAGES}`)
}

/** Moves what stands in the log into the database, as far as nobody still reads it. Nobody waits for this: it goes on beside other reads and writes. */
export function checkpoint(db: Connection): void {
  db.$client.pragma('wal_checkpoint(PASSIVE)')
}
