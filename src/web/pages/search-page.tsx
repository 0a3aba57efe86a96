import type { SearchResult } from '../../domain/directory.ts'
import type { Problem } from '../../domain/refusal.ts'
import { counted } from '../../lib/text.ts'
import type { Page } from '../layout.tsx'
import { Chips } from '../parts/chips.tsx'
import { EntryCard } from '../parts/entry-card.tsx'
import { FacetGroup } from '../parts/facet-group.tsx'
import { SortLinks } from '../parts/sort-links.tsx'
import { type Asked, dropped, type SearchName, searchPath } from '../search-address.ts'
import type { Site } from '../site.ts'

type Props = {
  site: Site
  asked: Asked
  result: SearchResult
  /** How many communities the directory holds in all. */
  size: number
  problems: readonly Problem[]
}

export function searchPage({ site, asked, result, size, problems }: Props): Page {
  const narrowed = Object.keys(asked).length > 0
  return {
    title: asked.q ? `Search: ${asked.q}` : 'Find a community',
    description: `Search ${counted(size, 'intentional community', 'intentional communities')}: communes, ecovillages, kibbutzim, monasteries, squats and free towns, each described by its own charter.`,
    canonical: searchPath(asked),
    unlisted: narrowed,
    section: 'search',
    links: [
      { rel: 'search', type: 'application/opensearchdescription+xml', href: '/opensearch.xml', title: `Archipelago at ${site.host}` },
      { rel: 'alternate', type: 'application/atom+xml', href: formPath(asked, 'atom'), title: 'This search as a feed' },
    ],
    body: (
      <div class="search">
        <div class="ask cartouche">
          <h1>Find a community</h1>
          <p class="coverage">
            {counted(size, 'community', 'communities')} that this node has heard of itself;{' '}
            <a href="/about#directory">it is not the whole network</a>.
          </p>
          <search>
            <SearchForm asked={asked} />
          </search>
        </div>
        {(!site.home || problems.length > 0) && (
          <div class="notices">
            {!site.home && <NoCommunityYet />}
            {problems.length > 0 && <Problems problems={problems} />}
          </div>
        )}
        <Filters asked={asked} result={result} />
        <Results asked={asked} result={result} size={size} />
      </div>
    ),
  }
}

function SearchForm({ asked }: { asked: Asked }) {
  const { q, cursor: _, ...rest } = asked
  return (
    <form class="box" method="get" action="/">
      <label for="q">Words in a name, a summary, a charter</label>
      <div class="row">
        <input id="q" name="q" type="search" value={q} maxLength={500} dir="auto" autoComplete="off" placeholder="consensus by the sea" />
        <button type="submit">Search</button>
      </div>
      {Object.entries(rest).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
    </form>
  )
}

function NoCommunityYet() {
  return (
    <div class="notice">
      <p>
        <strong>This node has no community yet.</strong> Its steward sets one up with <code>npx archipelago setup</code>.
      </p>
    </div>
  )
}

function Problems({ problems }: { problems: readonly Problem[] }) {
  return (
    <div class="notice" role="status">
      <p>
        <strong>
          {problems.length === 1 ? 'One part of this address was not understood' : 'Parts of this address were not understood'}
        </strong>
        , and the search goes on without:
      </p>
      <ul>
        {problems.map(({ path, message }) => (
          <li key={path + message}>
            <code>{path}</code> {message}
          </li>
        ))}
      </ul>
    </div>
  )
}

function Filters({ asked, result: { facets } }: { asked: Asked; result: SearchResult }) {
  const group = (name: SearchName & keyof typeof facets, title: string, few = 8) => (
    <FacetGroup key={name} asked={asked} name={name} title={title} counts={facets[name]} few={few} />
  )
  const more: [SearchName & keyof typeof facets, string][] = [
    ['kind', 'Kind'],
    ['country', 'Country'],
    ['openToMembers', 'New members'],
    ['openToVisitors', 'Visitors'],
    ['language', 'Language'],
  ]
  return (
    <nav class="filters" aria-label="Narrow the search">
      {group('theme', 'Theme', 10)}
      {group('status', 'Status')}
      <details class="more" open={more.some(([name]) => asked[name] !== undefined)}>
        <summary>Kind, country and more</summary>
        {more.map(([name, title]) => group(name, title))}
      </details>
    </nav>
  )
}

function Results({ asked, result, size }: { asked: Asked; result: SearchResult; size: number }) {
  const { total, items, next } = result
  return (
    <section class="results" aria-labelledby="results">
      <div class="results-head">
        <h2 id="results" tabIndex={-1}>
          {counted(total, 'community', 'communities')}
          {asked.q && ' found'}
        </h2>
        {total > 1 && <SortLinks asked={asked} />}
        <Chips asked={asked} />
      </div>
      {total === 0 ? (
        <NothingFound asked={asked} size={size} />
      ) : (
        <ol class="entries">
          {items.map(entry => (
            <li key={entry.actor}>
              <EntryCard entry={entry} />
            </li>
          ))}
        </ol>
      )}
      <Pages asked={asked} next={next} />
      {total > 0 && <Forms asked={asked} />}
    </section>
  )
}

/** The same search in forms for other programs. */
function Forms({ asked }: { asked: Asked }) {
  return (
    <p class="forms soft">
      This search as a{' '}
      <a href={formPath(asked, 'atom')} type="application/atom+xml">
        feed
      </a>{' '}
      that tells of new communities, a{' '}
      <a href={formPath(asked, 'csv')} type="text/csv" rel="nofollow">
        table
      </a>
      , a{' '}
      <a href={formPath(asked, 'geojson')} type="application/geo+json" rel="nofollow">
        map layer
      </a>{' '}
      or{' '}
      <a href={formPath(asked, 'json')} type="application/json" rel="nofollow">
        JSON
      </a>
      .
    </p>
  )
}

function formPath(asked: Asked, format: 'atom' | 'csv' | 'geojson' | 'json'): string {
  const path = searchPath(dropped(asked, ...(format === 'atom' ? (['sort'] as const) : [])), { page: '/api/directory' })
  return `${path}${path.includes('?') ? '&' : '?'}format=${format}`
}

function Pages({ asked, next }: { asked: Asked; next: string | undefined }) {
  if (!asked.cursor && !next) return null
  return (
    <nav class="pages" aria-label="Pages">
      {asked.cursor && (
        <a href={searchPath(dropped(asked, 'cursor'), { fragment: '#results' })} rel="first nofollow">
          First page
        </a>
      )}
      {next && (
        <a href={searchPath({ ...asked, cursor: next }, { fragment: '#results' })} rel="next nofollow">
          Next page
        </a>
      )}
    </nav>
  )
}

function NothingFound({ asked, size }: { asked: Asked; size: number }) {
  if (size === 0) {
    return (
      <div class="nothing">
        <p>The directory is still empty. It fills as this node follows other communities, is followed by them, or looks them up:</p>
        <p>
          <code>npx archipelago follow @community@their.host</code>
        </p>
      </div>
    )
  }
  const filters = Object.keys(dropped(asked, 'q', 'sort')).length > 0
  return (
    <div class="nothing">
      <p>No community here matches all of this. What you can do:</p>
      <ul>
        {filters && asked.q && (
          <li>
            <a href={searchPath({ q: asked.q })}>Search for “{asked.q}” without filters</a>
          </li>
        )}
        {filters && <li>take away a filter above</li>}
        {asked.q && <li>use fewer words, or only the beginning of one</li>}
        <li>
          <a href="/">see all {counted(size, 'community', 'communities')}</a>
        </li>
        <li>
          ask the steward to follow or look up more communities: this node finds only what it has heard of (
          <code>npx archipelago follow @community@their.host</code>)
        </li>
      </ul>
    </div>
  )
}
