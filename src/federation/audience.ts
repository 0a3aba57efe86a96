import type { Post, Visibility } from '../domain/post.ts'
import { PUBLIC } from './context.ts'
import type { Normalised } from './engine.ts'

/** Whom a post of ours is addressed to, as Mastodon and GoToSocial read it: a direct one names actors in `to` and nobody else. */
export function audienceOf({ author, visibility }: Pick<Post, 'author' | 'visibility'>, mentioned: readonly { actor: string }[]) {
  const named = mentioned.map(one => one.actor)
  const followers = `${author}/followers`
  if (visibility === 'public') return { to: [PUBLIC], cc: [followers, ...named] }
  if (visibility === 'unlisted') return { to: [followers], cc: [PUBLIC, ...named] }
  return visibility === 'followers' ? { to: [followers], cc: named } : { to: named, cc: [] }
}

/** How far a post of somebody else is meant to go. @param followers its author's collection of followers, if that is known */
export function visibilityOf(
  to: readonly string[],
  cc: readonly string[],
  author: string,
  followers: string | null | undefined,
): Visibility {
  if (to.some(isEveryone)) return 'public'
  if (cc.some(isEveryone)) return 'unlisted'
  const theirs = followers ?? `${author}/followers`
  return to.includes(theirs) || cc.includes(theirs) ? 'followers' : 'direct'
}

export function isEveryone(address: unknown): boolean {
  return address === PUBLIC || address === 'as:Public' || address === 'Public'
}

/**
 * Whether a document that is only shown, and not yet read, names anything of this node: as what it answers, whom it is for or whom it
 * mentions. What says no is not looked at any further, so this has to cost next to nothing.
 */
export function namesUs(origin: string, document: Normalised): boolean {
  const ours = `${origin}/`
  const isOurs = (value: unknown): boolean => {
    if (typeof value === 'string') return value.startsWith(ours)
    if (typeof value !== 'object' || value === null) return false
    const { id, href } = value as { id?: unknown; href?: unknown }
    const named = Array.isArray(href) ? href[0] : (id ?? href)
    return typeof named === 'string' && named.startsWith(ours)
  }
  return ['inReplyTo', 'to', 'cc', 'tag'].some(property => {
    const value = document[property]
    return Array.isArray(value) ? value.some(isOurs) : isOurs(value)
  })
}
