import { z } from 'zod'
import type { Post, PostDetails } from '../../domain/post.ts'
import type { Normalised } from '../engine.ts'
import { instant, line, many, one } from '../wire.ts'

/** More than these are not kept: what a stranger counts must fit a page and a number. */
const MOST_OPTIONS = 20
const MOST_VOTES = 1_000_000_000

// Ours to the wire.

/** What an article, event or question has beside what every post has. Of a note, that is its type. */
export function kindProperties({ type, name, details }: Pick<Post, 'type' | 'name' | 'details'>): object {
  const { startsAt, endsAt, place, options = [], multiple, closesAt, closedAt, voters = 0 } = details ?? {}
  const named = { type, ...(name ? { name } : {}) }
  if (type === 'Event')
    return {
      ...named,
      ...(startsAt ? { startTime: startsAt } : {}),
      ...(endsAt ? { endTime: endsAt } : {}),
      ...(place ? { location: { type: 'Place', name: place } } : {}),
    }
  if (type === 'Question')
    return {
      ...named,
      [multiple ? 'anyOf' : 'oneOf']: options.map(option => ({
        type: 'Note',
        name: option.name,
        replies: { type: 'Collection', totalItems: option.votes },
      })),
      ...(closesAt ? { endTime: closesAt } : {}),
      ...(closedAt ? { closed: closedAt } : {}),
      votersCount: voters,
    }
  return named
}

// The wire to ours.

const tally = z.number().int().min(0).max(MOST_VOTES)
const Option = z.looseObject({
  // Plain text, and as it was written: a vote must name it.
  name: one(z.string().min(1).max(500)),
  replies: one(z.looseObject({ totalItems: one(tally) })),
})
const KindDocument = z.looseObject({
  type: z.string(),
  startTime: one(instant),
  endTime: one(instant),
  closed: one(z.union([instant, z.boolean()])),
  location: one(z.looseObject({ name: one(line(200)) })),
  oneOf: many(Option, MOST_OPTIONS),
  anyOf: many(Option, MOST_OPTIONS),
  votersCount: one(tally),
})

/**
 * What only an event or a question has, of a document whose author has been checked. Counts that are none (negative, not whole, too
 * large, text) count as 0.
 * @param document normalised
 */
export function readDetails(document: Normalised): PostDetails | null {
  if (document.type !== 'Event' && document.type !== 'Question') return null
  const parsed = KindDocument.safeParse(document)
  if (!parsed.success) return null
  const it = parsed.data
  if (it.type === 'Event')
    return {
      ...(it.startTime ? { startsAt: it.startTime.toISOString() } : {}),
      ...(it.endTime ? { endsAt: it.endTime.toISOString() } : {}),
      ...(it.location?.name ? { place: it.location.name } : {}),
    }
  const multiple = it.anyOf.length > 0
  const seen = new Set<string>()
  const options = (multiple ? it.anyOf : it.oneOf).flatMap(({ name, replies }) => {
    // Votes name the option, so two of one name can't be told apart.
    if (!name || seen.has(name)) return []
    seen.add(name)
    return [{ name, votes: replies?.totalItems ?? 0 }]
  })
  const closed = it.closed instanceof Date ? it.closed : undefined
  const closesAt = it.endTime ?? closed
  return {
    options,
    multiple,
    ...(closesAt ? { closesAt: closesAt.toISOString() } : {}),
    ...(closed ? { closedAt: closed.toISOString() } : {}),
    ...(it.votersCount === undefined ? {} : { voters: it.votersCount }),
  }
}
