import { z } from 'zod'
import { Charter } from '../../domain/charter.ts'
import { ENTRY_SOURCES, type EntrySource, FACETS } from '../../domain/directory.ts'
import { DirectoryQuery } from '../../domain/directory-query.ts'
import { ENTRY_STATES } from '../../domain/entry.ts'
import { PEER_OUTCOMES } from '../../domain/network-search.ts'
import { Place } from '../../domain/place.ts'
import { VOCABULARY } from '../../domain/vocabulary.ts'
import { LOCALE_TAGS, type Locale } from '../locale.ts'
import { FORMATS, type Format } from './format.ts'

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
      .enum(ENTRY_SOURCES as [EntrySource])
      .describe('How this node came to know it: it is its own, follows it, is followed by it, looked it up, or other nodes told.'),
    state: z
      .enum(ENTRY_STATES)
      .describe(
        'How sure this node is of it. `heard`: it is signed by itself, and its origin has not been asked yet. `confirmed`: its origin was asked. `vouched`: communities near to this one stand for it too.',
      ),
    distanceKm: z.number().optional().describe('From `near`, where that was given: kilometres to the place it lets be known.'),
    entry: z
      .record(z.string(), z.unknown())
      .optional()
      .describe(
        'With `signed`, where there is one: the entry as its community signed it (FEDERATION.md), to be verified by whoever reads it.',
      ),
  })
  .meta({ id: 'Community' })
export type Item = z.output<typeof Item>

const Count = z.object({ value: z.string(), count: z.int() }).meta({ id: 'Count' })

const Peer = z
  .object({
    node: z.url().describe('Origin of the node.'),
    outcome: z.enum(PEER_OUTCOMES),
    ms: z.int().describe('How long that took, in milliseconds.'),
    given: z.int().describe('How many communities it named.'),
    taken: z.int().describe('How many of them came with a valid entry that says what was asked for, and is not older than what is known.'),
    added: z.int().describe('How many of these this node had not found itself.'),
  })
  .meta({ id: 'Peer' })

/** How the others were asked; only there with `scope=network`. */
export const Network = z
  .object({
    peers: z.array(Peer).describe('Who was asked, and what became of it.'),
    unchecked: z
      .int()
      .describe(
        'How many communities others named that this node has not checked at their origins yet. They are shown with `include=all`.',
      ),
    unasked: z.enum(['no peers', 'too often']).optional().describe('Why nobody was asked, where nobody was.'),
  })
  .meta({ id: 'Network' })

export const ItemPage = z.object({
  total: z.int().describe('How many were found in all.'),
  approximate: z
    .literal(true)
    .optional()
    .describe('Where so many were found that `total` and the counts of `facets` are estimates from some of them.'),
  items: z.array(Item).describe('Those of this page.'),
  facets: z
    .object(Object.fromEntries(FACETS.map(facet => [facet, z.array(Count)])))
    .describe('For each field, how many would be found with each of its values, given the query and the filters of all other fields.'),
  hidden: z
    .int()
    .optional()
    .describe(
      'How many more would be found, up to a thousand, if the policy of this node did not hide them by their themes; /policy says which.',
    ),
  next: z.string().optional().describe('The `cursor` of the next page; absent on the last.'),
  network: Network.optional().describe('With `scope=network`: how the others were asked.'),
})

/** What a search over HTTP can be asked beside what the directory can. */
export const SearchParameters = DirectoryQuery.in.safeExtend({
  format: z
    .enum(Object.keys(FORMATS) as [Format])
    .optional()
    .describe('The form of the answer; without it, the form the `Accept` header asks for, else JSON. The feed is always sorted by newest.'),
  scope: z
    .enum(['node', 'network'])
    .default('node')
    .describe(
      '`network` asks some other nodes too, for up to three seconds. There is one page of it, and `total` counts what was found here and what others added.',
    ),
  lang: z
    .enum(LOCALE_TAGS as [Locale])
    .optional()
    .describe('The language of a feed; without it, the one the `Accept-Language` header asks for, else English. Other forms have none.'),
  signed: z.enum(['true', 'false']).default('false').describe('Whether to add to each community the entry that it signed.'),
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

/** What a search answers in each of its forms. */
export function searchAnswers(page: z.ZodType) {
  const described = (description: string) => ({ schema: z.string().meta({ description }) })
  return {
    description: 'What was found.',
    content: {
      [FORMATS.json]: { schema: page },
      [FORMATS.geojson]: { schema: z.looseObject({ type: z.literal('FeatureCollection') }).describe('For a map (RFC 7946).') },
      [FORMATS.csv]: described('A table (RFC 4180). Its headings and its controlled words are those of the JSON form, in every language.'),
      [FORMATS.atom]: described('A feed (RFC 4287).'),
    },
  }
}
