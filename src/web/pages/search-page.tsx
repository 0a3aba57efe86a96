import type { ComponentChildren } from 'preact'
import type { SearchResult } from '../../domain/directory.ts'
import type { NetworkResult } from '../../domain/network-search.ts'
import type { Problem } from '../../domain/refusal.ts'
import type { Page } from '../layout.tsx'
import { type Locale, spokenPath } from '../locale.ts'
import type { SearchMap as Drawn } from '../map/search-map.ts'
import { Chips } from '../parts/chips.tsx'
import { CompareTray } from '../parts/compare-pick.tsx'
import { EntryCard } from '../parts/entry-card.tsx'
import { FacetGroup } from '../parts/facet-group.tsx'
import { NetworkAnswers } from '../parts/network-answers.tsx'
import { PolicyNote } from '../parts/policy-note.tsx'
import { SearchForm } from '../parts/search-form.tsx'
import { SearchMap } from '../parts/search-map.tsx'
import { SortLinks } from '../parts/sort-links.tsx'
import { useWords } from '../parts/use-words.ts'
import { type Asked, dropped, type SearchName, searchPath } from '../search-address.ts'
import type { PlaceAsked } from '../search-place.ts'
import { problemWords } from '../search-problem.ts'
import type { Site } from '../site.ts'

type Props = {
  site: Site
  asked: Asked
  place: PlaceAsked
  result: SearchResult
  /** How many communities the directory holds in all. */
  size: number
  problems: readonly Problem[]
  /** The parameters of the address, as they stood there. */
  given: Readonly<Record<string, unknown>>
  /** How other nodes were asked, if they were. */
  network?: NetworkResult
  map: Drawn
  /** What the map is drawn with, where the steward has chosen so. */
  tiles: { url: string; attribution: string } | undefined
}

export function searchPage({ site, asked, place, result, size, problems, given, network, map, tiles }: Props): Page {
  const { t, rich, locale } = site.words
  const narrowed = Object.keys(asked).length > 0
  return {
    title: asked.q ? t('search.titleFor', { words: asked.q }) : t('search.title'),
    description: t('search.description', { count: size }),
    canonical: searchPath(asked),
    unlisted: narrowed,
    wide: size > 0,
    section: 'search',
    scripts: ['map.js', 'compare.js'],
    links: [
      {
        rel: 'search',
        type: 'application/opensearchdescription+xml',
        href: spokenPath('/opensearch.xml', locale),
        title: t('layout.siteOf', { name: site.host }),
      },
      { rel: 'alternate', type: 'application/atom+xml', href: formPath(asked, 'atom', locale), title: t('search.feed') },
    ],
    body: (
      <div class={size > 0 ? 'search mapped' : 'search'}>
        <div class="ask cartouche">
          <h1>{t('search.title')}</h1>
          <p class="coverage">{rich('search.coverage', { count: size, link: words => <a href="/about#directory">{words}</a> })}</p>
          <search>
            <SearchForm asked={asked} place={place} />
          </search>
          <p class="invite">{rich('match.invite', { link: words => <a href="/match">{words}</a> })}</p>
        </div>
        {(!site.home || problems.length > 0) && (
          <div class="notices">
            {!site.home && <NoCommunityYet />}
            {problems.length > 0 && <Problems problems={problems} given={given} />}
          </div>
        )}
        <Filters asked={asked} result={result} />
        {size > 0 && <SearchMap site={site} asked={asked} map={map} tiles={tiles} />}
        <Results asked={asked} result={result} size={size} network={network} />
      </div>
    ),
  }
}

function NoCommunityYet() {
  const { rich } = useWords()
  return (
    <div class="notice">
      <p>
        {rich('search.noCommunity', {
          strong: words => <strong>{words}</strong>,
          command: <code>npx archipelago setup</code>,
        })}
      </p>
    </div>
  )
}

function Problems({ problems, given }: Pick<Props, 'problems' | 'given'>) {
  const words = useWords()
  const { rich } = words
  return (
    <div class="notice" role="status">
      <p>{rich('search.problems', { count: problems.length, strong: words => <strong>{words}</strong> })}</p>
      <ul>
        {problems.map(problem => (
          <li key={problem.path + problem.message}>
            <code>{problem.path}</code> {problemWords(words, problem, given)}
          </li>
        ))}
      </ul>
    </div>
  )
}

function Filters({ asked, result: { facets } }: { asked: Asked; result: SearchResult }) {
  const { t } = useWords()
  const group = (name: SearchName & keyof typeof facets, few = 8) => (
    <FacetGroup key={name} asked={asked} name={name} title={t(`search.facet.${name}`)} counts={facets[name]} few={few} />
  )
  const more = ['kind', 'country', 'openToMembers', 'openToVisitors', 'language'] as const
  return (
    <nav class="filters" aria-label={t('search.narrow')}>
      {group('theme', 10)}
      {group('status')}
      <details class="more" open={more.some(name => asked[name] !== undefined)}>
        <summary>{t('search.moreFacets')}</summary>
        {more.map(name => group(name))}
      </details>
    </nav>
  )
}

function Results({ asked, result, size, network }: Pick<Props, 'asked' | 'result' | 'size'> & { network: NetworkResult | undefined }) {
  const { t } = useWords()
  const { total, items, next } = result
  return (
    <section class="results" aria-labelledby="results">
      <div class="results-head">
        <h2 id="results" tabIndex={-1}>
          {t(asked.q ? 'search.found' : 'search.count', { count: total })}
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
      <PolicyNote hidden={result.hidden} />
      <Pages asked={asked} next={next} />
      {total > 0 && <CompareTray />}
      {size > 0 && <NetworkAnswers asked={asked} network={network} />}
      {size > 0 && <Save asked={asked} />}
    </section>
  )
}

/** The ways to keep a search: a feed that goes on, the search engine of a browser, and forms for other programs. */
function Save({ asked }: { asked: Asked }) {
  const { t, rich, locale } = useWords()
  const link = (format: Parameters<typeof formPath>[1], type: string) => (words: ComponentChildren) => (
    <a href={formPath(asked, format, locale)} type={type} rel={format === 'atom' ? undefined : 'nofollow'}>
      {words}
    </a>
  )
  return (
    <section class="save" aria-labelledby="save">
      <h2 id="save">{t('search.save')}</h2>
      <ul>
        <li>{rich('search.saveFeed', { feed: link('atom', 'application/atom+xml') })}</li>
        <li>
          {rich('search.saveForms', {
            table: link('csv', 'text/csv'),
            layer: link('geojson', 'application/geo+json'),
            json: link('json', 'application/json'),
          })}
        </li>
        <li>
          {rich('search.saveEngine', {
            engine: words => (
              <a href={spokenPath('/opensearch.xml', locale)} type="application/opensearchdescription+xml">
                {words}
              </a>
            ),
          })}
        </li>
      </ul>
    </section>
  )
}

function formPath(asked: Asked, format: 'atom' | 'csv' | 'geojson' | 'json', locale: Locale): string {
  const path = searchPath(dropped(asked, ...(format === 'atom' ? (['sort'] as const) : [])), { page: '/api/directory' })
  const address = `${path}${path.includes('?') ? '&' : '?'}format=${format}`
  // A feed is read; the names in the other forms are the same in every language.
  return format === 'atom' ? spokenPath(address, locale) : address
}

function Pages({ asked, next }: { asked: Asked; next: string | undefined }) {
  const { t } = useWords()
  if (!asked.cursor && !next) return null
  return (
    <nav class="pages" aria-label={t('search.pages')}>
      {asked.cursor && (
        <a href={searchPath(dropped(asked, 'cursor'), { fragment: '#results' })} rel="first nofollow">
          {t('search.first')}
        </a>
      )}
      {next && (
        <a href={searchPath({ ...asked, cursor: next }, { fragment: '#results' })} rel="next nofollow">
          {t('search.next')}
        </a>
      )}
    </nav>
  )
}

function NothingFound({ asked, size }: { asked: Asked; size: number }) {
  const { t } = useWords()
  if (size === 0) {
    return (
      <div class="nothing">
        <p>{t('search.empty')}</p>
        <p>
          <a class="act second" href="/admin/people/following" rel="nofollow">
            {t('search.followFirst')}
          </a>
        </p>
      </div>
    )
  }
  const filters = Object.keys(dropped(asked, 'q', 'sort')).length > 0
  return (
    <div class="nothing">
      <p>{t('search.nothing')}</p>
      <ul>
        {filters && asked.q && (
          <li>
            <a href={searchPath({ q: asked.q })}>{t('search.withoutFilters', { words: asked.q })}</a>
          </li>
        )}
        {filters && <li>{t('search.fewerFilters')}</li>}
        {asked.q && <li>{t('search.fewerWords')}</li>}
        <li>
          <a href="/">{t('search.seeAll', { count: size })}</a>
        </li>
        <li>{t('search.askSteward')}</li>
      </ul>
    </div>
  )
}
