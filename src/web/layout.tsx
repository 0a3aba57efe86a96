import type { ComponentChildren } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { shortened } from '../lib/text.ts'
import { LOCALE_TAGS, LOCALES, pathIn } from './locale.ts'
import { Mark } from './parts/mark.tsx'
import { useWords, WordsContext } from './parts/use-words.ts'
import type { Site } from './site.ts'

/** One page of the web: its words for the head of the document, and its body. */
export type Page = {
  /** Without the name of the site. */
  title: string
  description: string
  /** Path and query under which this page is to be known, or the full address if another node is its home. */
  canonical: string
  body: ComponentChildren
  /** Search engines pass it by: one of very many views of the same things. */
  unlisted?: boolean
  /** The same thing as ActivityStreams. */
  activity?: string | undefined
  /** The same thing in other forms, and ways to search. Addresses may be paths. */
  links?: readonly { rel: string; type: string; href: string; title?: string }[]
  kind?: 'website' | 'article' | 'profile'
  /** A picture for where the page is linked from. The address is a path. */
  image?: { href: string; type: string; width: number; height: number; alt: string }
  /** The part of the site this belongs to, marked in the navigation. */
  section?: 'search' | 'match' | 'compare' | 'home' | 'about'
  /** Names of scripts of ours in src/web/public. The page must be complete without them. */
  scripts?: readonly string[]
  /** Names of further stylesheets of ours there. */
  styles?: readonly string[]
  /** It takes more of a wide window. Said at its beginning, so that nothing moves when the rest arrives. */
  wide?: boolean
  /** What stands above the page instead of the head of the visitors' site. */
  head?: ComponentChildren
}

/** A whole document. */
export function renderPage(site: Site, page: Page): string {
  return `<!doctype html>${renderToString(<Document site={site} page={page} />)}`
}

function Document({ site, page }: { site: Site; page: Page }) {
  return (
    <WordsContext.Provider value={site.words}>
      <html lang={site.words.locale} dir={site.words.dir}>
        <Head site={site} page={page} />
        <body class={page.wide ? 'wide' : undefined}>
          <a class="skip" href="#main">
            {site.words.t('layout.skip')}
          </a>
          {page.head ?? <Header site={site} page={page} />}
          <main id="main" tabIndex={-1}>
            {page.body}
          </main>
          <Footer site={site} page={page} />
        </body>
      </html>
    </WordsContext.Provider>
  )
}

function Head({ site, page }: { site: Site; page: Page }) {
  const title = `${shortened(page.title, 80)} · Archipelago`
  const description = shortened(page.description, 200)
  const canonical = new URL(page.canonical, site.origin).href
  return (
    <head>
      <meta charset="utf-8" />
      <title>{title}</title>
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="description" content={description} />
      <meta name="color-scheme" content="light dark" />
      <meta name="theme-color" content="#f8f5ec" media="(prefers-color-scheme: light)" />
      <meta name="theme-color" content="#12181c" media="(prefers-color-scheme: dark)" />
      {page.unlisted && <meta name="robots" content="noindex, follow" />}
      <link rel="canonical" href={canonical} />
      {page.activity && <link rel="alternate" type="application/activity+json" href={page.activity} />}
      {page.links?.map(link => (
        <link key={link.href} {...link} />
      ))}
      <meta property="og:title" content={shortened(page.title, 80)} />
      <meta property="og:description" content={description} />
      <meta property="og:type" content={page.kind ?? 'website'} />
      <meta property="og:url" content={canonical} />
      <meta property="og:site_name" content={site.home ? site.words.t('layout.siteOf', { name: site.home.name }) : 'Archipelago'} />
      {page.image && (
        <>
          <meta property="og:image" content={new URL(page.image.href, site.origin).href} />
          <meta property="og:image:type" content={page.image.type} />
          <meta property="og:image:width" content={String(page.image.width)} />
          <meta property="og:image:height" content={String(page.image.height)} />
          <meta property="og:image:alt" content={shortened(page.image.alt, 200)} />
        </>
      )}
      <meta name="twitter:card" content={page.image ? 'summary_large_image' : 'summary'} />
      <link rel="icon" type="image/svg+xml" href={site.asset('icon.svg')} />
      <link rel="stylesheet" href={site.asset('style.css')} />
      {page.styles?.map(name => (
        <link key={name} rel="stylesheet" href={site.asset(name)} />
      ))}
      {page.scripts?.map(name => (
        <script key={name} src={site.asset(name)} defer />
      ))}
    </head>
  )
}

function Header({ site, page: { section, canonical } }: { site: Site; page: Page }) {
  const { t } = useWords()
  const here = (name: Page['section'], path: string) => (section !== name ? undefined : canonical === path ? 'page' : true)
  return (
    <header class="masthead">
      <a class="brand" href="/">
        <Mark />
        <span>Archipelago</span>
      </a>
      <nav aria-label={t('layout.site')}>
        <ul>
          <li>
            <a href="/" aria-current={here('search', '/')}>
              {t('layout.search')}
            </a>
          </li>
          <li>
            <a href="/match" aria-current={here('match', '/match')}>
              {t('match.nav')}
            </a>
          </li>
          <li>
            <a href="/compare" aria-current={here('compare', '/compare')}>
              {t('compare.nav')}
            </a>
          </li>
          {site.home && (
            <li>
              <a href={`/c/${site.home.handle}`} aria-current={here('home', `/c/${site.home.handle}`)}>
                <bdi>{shortened(site.home.name, 28)}</bdi>
              </a>
            </li>
          )}
          <li>
            <a href="/about" aria-current={here('about', '/about')}>
              {t('layout.about')}
            </a>
          </li>
          {site.steward && (
            <li>
              <a href="/admin">{t('admin.nav')}</a>
            </li>
          )}
        </ul>
      </nav>
    </header>
  )
}

/** The same page in another language. */
function Languages({ site: { here, words }, page: { canonical } }: { site: Site; page: Page }) {
  return (
    <nav class="languages" aria-label={words.t('layout.language')}>
      <ul>
        {LOCALE_TAGS.map(locale => (
          <li key={locale}>
            <a
              href={pathIn(locale, { here, canonical })}
              lang={locale}
              hreflang={locale}
              rel="nofollow"
              aria-current={locale === words.locale ? true : undefined}
            >
              {LOCALES[locale]}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

function Footer({ site, page }: { site: Site; page: Page }) {
  const { t, rich } = useWords()
  const host = <span class="host">{site.host}</span>
  return (
    <footer class="colophon">
      <p>
        {site.home
          ? rich('layout.runBy', { host, name: <bdi>{shortened(site.home.name, 60)}</bdi> })
          : rich('layout.runByNobody', { host })}
      </p>
      <ul>
        <li>
          <a href="/about">{t('layout.aboutNode')}</a>
        </li>
        <li>
          <a href="/api">{t('layout.forPrograms')}</a>
        </li>
        <li>{t('layout.software', { version: site.version })}</li>
      </ul>
      <Languages site={site} page={page} />
    </footer>
  )
}
