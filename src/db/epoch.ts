import { randomBytes } from 'node:crypto'
import type { Db, Tx } from './open.ts'
import { saveSetting, setting } from './setting.ts'

/** The setting that holds the epoch. */
export const EPOCH = 'exchange.epoch'
const SECRET = 'exchange.secret'

/** Within one epoch the numbers of records mean what they meant before. Empty until the node was opened once. */
export function epochOf(db: Db): string {
  return setting(db, EPOCH) ?? 'none'
}

/** Sees to it that there is an epoch, and a secret to draw the view with. A restore ends the epoch: others remember other numbers. */
export function ensureEpoch(tx: Tx): void {
  for (const name of [EPOCH, SECRET]) if (setting(tx, name) === undefined) saveSetting(tx, name, randomBytes(12).toString('hex'))
}

export function viewSecret(db: Db): string {
  return setting(db, SECRET) ?? ''
}
