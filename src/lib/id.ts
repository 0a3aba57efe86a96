import { randomBytes } from 'node:crypto'

const ID = /^([0-9a-z]{9})[0-9a-f]{16}$/

/**
 * A new id: sorts by time, can't be guessed, lower case because IRIs are compared as they stand. 25 characters.
 * @param after an id that this one must sort behind, even where the clock has been set back since
 */
export function newId(now: Date, after = ''): string {
  const ms = Math.max(now.getTime(), (timeOf(after)?.getTime() ?? -1) + 1)
  return ms.toString(36).padStart(9, '0') + randomBytes(8).toString('hex')
}

/** When an id was made, as its node's clock had it. */
export function timeOf(id: string): Date | undefined {
  const [, time] = ID.exec(id) ?? []
  return time === undefined ? undefined : new Date(Number.parseInt(time, 36))
}
