import type { Visibility } from '../domain/post.ts'
import type { Db, Tx } from './open.ts'
import { saveSetting, setting } from './setting.ts'

/** How a steward's posts go out where their app does not say. `language` null is that of the charter. */
export type Posting = { visibility: Visibility; sensitive: boolean; language: string | null }

const USUAL: Posting = { visibility: 'public', sensitive: false, language: null }
const nameOf = (steward: number) => `posting.${steward}`

export function postingOf(db: Db, steward: number): Posting {
  const chosen = setting(db, nameOf(steward))
  return chosen === undefined ? USUAL : { ...USUAL, ...(JSON.parse(chosen) as Partial<Posting>) }
}

export function savePosting(tx: Tx, steward: number, posting: Posting): void {
  saveSetting(tx, nameOf(steward), JSON.stringify(posting))
}
