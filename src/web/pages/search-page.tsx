import type { ComponentChildren } from 'preact'
import type { SearchResult } from '../../domain/directory.ts'
import type { Problem } from '../../domain/refusal.ts'
import type { Page } from '../layout.tsx'
import type { SearchMap as Drawn } from '../map/search-map.ts'
import { Chips } from '../parts/chips.tsx'
import { CompareTray } from '../parts/compare-pick.tsx'
import { EntryCard } from '../parts/entry-card.tsx'
import { FacetGroup } from '../parts/facet-group.tsx'
import { SearchMap } from '../parts/search-map.tsx'
import { SortLinks } from '../parts/sort-links.tsx'
import { useWords } from '../parts/use-words.ts'
import { type Asked, dropped, type SearchName, searchPath } from '../search-address.ts'
import type { Site } from '../site.ts'

type Props = {
  site: Site
  asked: Asked
  result: SearchResult
  /** How many communities the directory holds in all. */
  size: number
  problems: readonly Problem[]
  map: Drawn
  /** What the map is drawn with, where the steward has chosen so. */
  tiles: { url: string; attribution: string } | undefined
}

export function searchPage({ site, asked, result, size, problems, map, tiles }: Props): Page {
  const { t, rich } = site.words
  const narrowed = Object.keys(asked).length > 0
  return {
    title: asked.q ? t('search.titleFor', { words: asked.q }) : t('search.title'),
    description: t('search.description', { count: size }),
    canonical: searchPath(asked),
    unlisted: narrowed,
    section: 'search',
    scripts: ['map.js', 'compare.js'],
    links: [
      {
        rel: 'search',
        type: 'application/opensearchdescription+xml',
        href: '/opensearch.xml',
        title: t('layout.siteOf', { name: site.host }),
      },
      { rel: 'alternate', type: 'application/atom+xml', href: formPath(asked, 'atom'), title: t('search.feed') },
    ],
    body: (
      <div class="search">
        <div class="ask cartouche">
          <h1>{t('search.title')}</h1>
          <p class="coverage">{rich('search.coverage', { count: size, link: words => <a href="/about#directory">{words}</a> })}</p>
          <search>
            <SearchForm asked={asked} />
          </search>
          <p class="invite">{rich('match.invite', { link: words => <a href="/match">{words}</a> })}</p>
        </div>
        {(!site.home || problems.length > 0) && (
          <div class="notices">
            {!site.home && <NoCommunityYet />}
            {problems.length > 0 && <Problems problems={problems} />}
          </div>
        )}
        <Filters asked={asked} result={result} />
        {size > 0 && <SearchMap site={site} asked={asked} map={map} tiles={tiles} />}
        <Results asked={asked} result={result} size={size} />
      </div>
    ),
  }
}

function SearchForm({ asked }: { asked: Asked }) {
  const { t } = useWords()
  const { q, cursor: _, ...rest } = asked
  return (
    <form class="box" method="get" action="/">
      <label for="q">{t('search.words')}</label>
      <div class="row">
        <input id="q" name="q" type="search" value={q} maxLength={500} dir="auto" autoComplete="off" placeholder={t('search.example')} />
        <button type="submit">{t('search.submit')}</button>
      </div>
      {Object.entries(rest).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
    </form>
  )
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

function Problems({ problems }: { problems: readonly Problem[] }) {
  const { rich, locale } = useWords()
  return (
    <div class="notice" role="status">
      <p>{rich('search.problems', { count: problems.length, strong: words => <strong>{words}</strong> })}</p>
      <ul lang={locale === 'en' ? undefined : 'en'}>
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

function Results({ asked, result, size }: { asked: Asked; result: SearchResult; size: number }) {
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
      <Pages asked={asked} next={next} />
      {total > 0 && <CompareTray />}
      {total > 0 && <Forms asked={asked} />}
    </section>
  )
}

/** The same search in forms for other programs. */
function Forms({ asked }: { asked: Asked }) {
  const { rich } = useWords()
  const link = (format: Parameters<typeof formPath>[1], type: string) => (words: ComponentChildren) => (
    <a href={formPath(asked, format)} type={type} rel={format === 'atom' ? undefined : 'nofollow'}>
      {words}
    </a>
  )
  return (
    <p class="forms soft">
      {rich('search.forms', {
        feed: link('atom', 'application/atom+xml'),
        table: link('csv', 'text/csv'),
        layer: link('geojson', 'application/geo+json'),
        json: link('json', 'application/json'),
      })}
    </p>
  )
}

function formPath(asked: Asked, format: 'atom' | 'csv' | 'geojson' | 'json'): string {
  const path = searchPath(dropped(asked, ...(format === 'atom' ? (['sort'] as const) : [])), { page: '/api/directory' })
  return `${path}${path.includes('?') ? '&' : '?'}format=${format}`
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
  const { t, rich } = useWords()
  if (size === 0) {
    return (
      <div class="nothing">
        <p>{t('search.empty')}</p>
        <p>
          <code>npx archipelago follow @community@their.host</code>
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
        <li>{rich('search.askSteward', { command: <code>npx archipelago follow @community@their.host</code> })}</li>
      </ul>
    </div>
  )
}
