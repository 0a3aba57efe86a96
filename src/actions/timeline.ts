import { followOptionsOf } from '../db/account.ts'
import { isFollowed } from '../db/following.ts'
import type { Tx } from '../db/open.ts'
import { postByIri } from '../db/post.ts'
import { addTags } from '../db/tag.ts'
import { isAtHome, placeItem } from '../db/timeline.ts'
import type { HeardPost, Post } from '../domain/post.ts'
import { tagsIn } from '../domain/tag.ts'

/** The same post is not shown at home again by another boost within this time. */
const ONE_BOOST_IN_MS = 24 * 3_600_000

/** Puts a post of the community's own where those who read what it says find it, and under its hashtags. */
export function placeOwnPost(tx: Tx, id: number, { author, content, publishedAt }: Pick<Post, 'author' | 'content' | 'publishedAt'>): void {
  placeItem(tx, { post: id, actor: author, boost: false, home: true, at: publishedAt })
  addTags(tx, id, tagsIn(content))
}

/**
 * The same for what somebody else said.
 * @param followed it was sent to us by somebody whom the community follows
 * @returns whether that is at home
 */
export function placeHeardPost(tx: Tx, id: number, post: HeardPost, followed: boolean): boolean {
  const home = followed && isForHome(tx, post)
  placeItem(tx, { post: id, actor: post.author, boost: false, home, at: post.publishedAt })
  return home
}

// Answers to people nobody here follows would be half conversations.
function isForHome(tx: Tx, { author, inReplyTo }: HeardPost): boolean {
  if (inReplyTo === null) return true
  const answered = postByIri(tx, inReplyTo)
  return answered !== undefined && (answered.local || answered.author === author || isFollowed(tx, answered.author))
}

/** Puts a boost where those read it who follow whoever boosts. @param own whether that is the community itself */
export function placeBoost(tx: Tx, post: number, actor: string, at: Date, own: boolean): void {
  const home = own || (followOptionsOf(tx, actor).boosts && !isAtHome(tx, post, new Date(at.getTime() - ONE_BOOST_IN_MS)))
  placeItem(tx, { post, actor, boost: true, home, at })
}
