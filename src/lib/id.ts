import { randomBytes } from 'node:crypto'

/** A new id: sorts by time, can't be guessed, lower case because IRIs are compared as they stand. 25 characters. */
export function newId(now: Date): string {
  return now.getTime().toString(36).padStart(9, '0') + randomBytes(8).toString('hex')
}
