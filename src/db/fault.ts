/** What keeps the database from working; none of it is a bug, and each may be over in a while without a restart. */
export type DatabaseFault = 'full' | 'readonly' | 'corrupt' | 'busy' | 'io'

const BY_CODE: readonly (readonly [RegExp, DatabaseFault])[] = [
  [/^SQLITE_FULL/, 'full'],
  [/^SQLITE_READONLY/, 'readonly'],
  [/^SQLITE_(CORRUPT|NOTADB)/, 'corrupt'],
  [/^SQLITE_BUSY/, 'busy'],
  [/^SQLITE_(IOERR|CANTOPEN)/, 'io'],
]
const BY_ERRNO: Record<string, DatabaseFault> = { ENOSPC: 'full', EDQUOT: 'full', EROFS: 'readonly', EACCES: 'readonly', EIO: 'io' }
// The same codes mean something else when they come from a socket.
const OF_FILES = new Set(['open', 'mkdir', 'write', 'fsync', 'rename', 'statfs', 'access'])

const WORDS: Record<DatabaseFault, string> = {
  full: 'The disk is full: nothing can be written down until there is room again.',
  readonly: 'The data can’t be written: the disk or the folder is read-only, or belongs to another user.',
  corrupt: 'The database is damaged, or is no database. Put it aside and restore a backup: npx archipelago restore FILE',
  busy: 'The database is busy with something long. Try again in a while.',
  io: 'The disk with the data can’t be read or written as it should be.',
}
// In seconds: when to try again. A person must act first for all but one.
const RETRY_AFTER: Record<DatabaseFault, number> = { full: 300, readonly: 300, corrupt: 3600, busy: 5, io: 300 }

/** The one place that reads SQLite's result codes. Looks at the error's causes too. */
export function databaseFault(error: unknown): DatabaseFault | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code, syscall } = at as { code?: unknown; syscall?: unknown }
    if (typeof code !== 'string') continue
    const fault = BY_CODE.find(([pattern]) => pattern.test(code))?.[1]
    if (fault) return fault
    if (typeof syscall === 'string' && OF_FILES.has(syscall) && BY_ERRNO[code]) return BY_ERRNO[code]
  }
  return undefined
}

/** One sentence for the person who runs the node, and seconds after which others may ask again. */
export function explainFault(fault: DatabaseFault): { words: string; retryAfter: number } {
  return { words: WORDS[fault], retryAfter: RETRY_AFTER[fault] }
}
