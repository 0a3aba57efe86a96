import type { Post } from '../../domain/post.ts'
import { isClosed } from '../../domain/post-kind.ts'

/**
 * A question as apps know it.
 * @param id of its post @param votes numbers of the options the community has chosen; undefined where that is not told
 */
export function pollEntity(
  { details, local }: Pick<Post, 'details' | 'local'>,
  id: string,
  votes: readonly number[] | undefined,
  now: Date,
) {
  const { options = [], multiple = false, closesAt, voters } = details ?? {}
  return {
    id,
    expires_at: closesAt ?? null,
    expired: details !== null && isClosed(details, now),
    multiple,
    votes_count: options.reduce((sum, option) => sum + option.votes, 0),
    voters_count: voters ?? null,
    // Who asks does not vote.
    voted: votes !== undefined && (votes.length > 0 || local),
    own_votes: [...(votes ?? [])],
    options: options.map(({ name, votes }) => ({ title: name, votes_count: votes })),
    emojis: [],
  }
}
