import IApexStore from 'activitypub-express/store/interface.js'
import { publicActivities, publicActivityCount } from '../db/activity.ts'
import { followerCount, followerPage } from '../db/follower.ts'
import { followingCount, followingPage } from '../db/following.ts'
import type { Db } from '../db/open.ts'

type Row = { _id?: string; actor: string[]; object: (string | object)[] }

/**
 * activitypub-express' storage port over our tables: what its collections and their paging read. What it would write goes
 * through actions instead, so every other method stays "Not implemented".
 */
export class ApexStore extends IApexStore {
  readonly #db: Db
  constructor(db: Db) {
    super()
    this.#db = db
  }

  /** Rows newest first. Only a row that has others behind it carries `_id`, the cursor of the next page. */
  getStream(collection: string, limit: number | null, after?: string | null): Promise<Row[]> {
    if (after != null && !/^\d{1,15}$/.test(after)) throw new Error('ApexStore: invalid page value')
    const size = limit ?? 1000
    const rows = this.#rows(collection, size + 1, after == null ? undefined : Number(after))
    const page = rows.slice(0, size)
    return Promise.resolve(
      page.map(({ cursor, ...row }, at) => (at === size - 1 && rows.length > size ? { ...row, _id: String(cursor) } : row)),
    )
  }

  getStreamCount(collection: string): Promise<number> {
    const [actor, name] = split(collection)
    if (name === 'followers') return Promise.resolve(followerCount(this.#db))
    if (name === 'following') return Promise.resolve(followingCount(this.#db))
    return Promise.resolve(publicActivityCount(this.#db, actor))
  }

  #rows(collection: string, limit: number, before: number | undefined): (Row & { cursor: number })[] {
    const [actor, name] = split(collection)
    if (name === 'followers')
      return followerPage(this.#db, limit, before).map(row => ({ cursor: row.cursor, actor: [row.actor], object: [actor] }))
    if (name === 'following')
      return followingPage(this.#db, limit, before).map(row => ({ cursor: row.cursor, actor: [actor], object: [row.actor] }))
    return publicActivities(this.#db, actor, limit, before).map(row => ({ ...JSON.parse(row.body), cursor: row.id }))
  }
}

function split(collection: string): [actor: string, name: string] {
  const slash = collection.lastIndexOf('/')
  return [collection.slice(0, slash), collection.slice(slash + 1)]
}
