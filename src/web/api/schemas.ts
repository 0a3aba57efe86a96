import { z } from 'zod'
import { Charter } from '../../domain/charter.ts'
import { FACETS } from '../../domain/directory.ts'
import { Place } from '../../domain/place.ts'
import { VOCABULARY } from '../../domain/vocabulary.ts'

// What the interface answers, for its description; items.ts makes it. An id makes a schema a component of its own.

const CharterOfItem = Charter.meta({ ...Charter.meta(), id: 'Charter' })

export const Item = z
  .object({
    address: z.string().describe('The handle to follow it by from any server of the fediverse, such as @brookfarm@brook.example.'),
    actor: z.url().describe('IRI of its ActivityPub actor.'),
    url: z.url().describe('Its page at its own node.'),
    name: z.string(),
    summary: z.string().describe('What it is in two or three sentences of plain text.'),
    theme: z.enum(VOCABULARY.theme).describe('Its main theme.'),
    themes: z.array(z.enum(VOCABULARY.theme)).describe('All its themes, the main one first.'),
    kind: z.array(z.enum(VOCABULARY.kind)),
    status: z.enum(VOCABULARY.status),
    openToMembers: z.enum(VOCABULARY.openToMembers),
    openToVisitors: z.enum(VOCABULARY.openToVisitors),
    country: z.string().nullable().describe('ISO 3166-1 alpha-2, or null where it names none.'),
    place: Place.nullable().describe('Where it is, as exactly as it wants to be found; null for a community that holds no territory.'),
    languages: z.array(z.string()).describe('BCP 47 tags.'),
    charter: CharterOfItem,
    edition: z.int().describe('Number of that edition, counted from 1.'),
    publishedAt: z.iso.datetime().describe('When that edition was published.'),
    verifiedAt: z.iso.datetime().describe('When this node last read it at its origin, or got it signed from there.'),
    source: z
      .enum(['self', 'follow', 'follower', 'lookup'])
      .describe('How this node came to know it: it is its own, follows it, is followed by it, or looked it up.'),
    distanceKm: z.number().optional().describe('From `near`, where that was given: kilometres to the place it lets be known.'),
  })
  .meta({ id: 'Community' })
export type Item = z.output<typeof Item>

const Count = z.object({ value: z.string(), count: z.int() }).meta({ id: 'Count' })

export const ItemPage = z.object({
  total: z.int().describe('How many were found in all.'),
  items: z.array(Item).describe('Those of this page.'),
  facets: z
    .object(Object.fromEntries(FACETS.map(facet => [facet, z.array(Count)])))
    .describe('For each field, how many would be found with each of its values, given the query and the filters of all other fields.'),
  next: z.string().optional().describe('The `cursor` of the next page; absent on the last.'),
})

export const Failure = z
  .object({
    error: z.string().describe('What is wrong, in words for a person.'),
    problems: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .describe('Each parameter that is wrong.'),
  })
  .meta({ id: 'Failure' })

export const EntryPath = z.object({
  host: z.string().describe('Host of its address, with the port where there is one.'),
  handle: z.string().describe('The part of its address before the host, in upper or lower case.'),
})

/** An answer as JSON, with a word on when it comes. */
export function answer(description: string, schema: z.ZodType) {
  return { description, content: { 'application/json': { schema } } }
}
