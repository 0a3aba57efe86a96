import { type Window, windowed } from '../domain/window.ts'
import { keptCount } from './kept-count.ts'
import type { Db } from './open.ts'
import { statement } from './statement.ts'

export type ActorPage = { rows: { cursor: number; actor: string }[]; more: boolean }

const TIES = {
  followers: "followers where state = 'accepted'",
  requests: "followers where state = 'pending'",
  following: "following where state = 'accepted'",
  mutes: 'mutes where (until is null or until > unixepoch() * 1000)',
  blocks: 'actor_blocks where 1',
} as const

/** Those the community stands to in one way, the latest first. */
export function tiePage(db: Db, tie: keyof typeof TIES, window: Window): ActorPage {
  const { below = Number.MAX_SAFE_INTEGER, above = 0 } = window
  return windowed(window, (order, most) => {
    const text = `select rowid, actor from ${TIES[tie]} and rowid < ? and rowid > ? order by rowid ${order} limit ?`
    return (statement(db, text).all(below, above, most) as [number, string][]).map(([cursor, actor]) => ({ cursor, actor }))
  })
}

export function pendingCount(db: Db): number {
  return keptCount(db, "select count(*) from followers where state = 'pending'")
}
