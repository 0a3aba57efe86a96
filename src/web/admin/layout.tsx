import type { ComponentChildren } from 'preact'
import { may } from '../../domain/steward.ts'
import { shortened } from '../../lib/text.ts'
import type { Page } from '../layout.tsx'
import { Mark } from '../parts/mark.tsx'
import { useWords } from '../parts/use-words.ts'
import { AREAS, type AreaName } from './areas.ts'
import type { StewardRoute, Visit } from './gate.ts'
import type { Wait } from './waiting.ts'

/** A page of the stewards' part. `title` is also its heading. */
export type AdminPage = {
  title: string
  /** Path of the page itself. */
  path: string
  /** Where it belongs in the navigation. */
  area: AreaName
  body: ComponentChildren
  /** The form was not taken: said in the title too, where it is heard first. */
  wrong?: boolean
  /** Names of scripts and stylesheets of ours in src/web/public. The page must be complete without scripts. */
  scripts?: readonly string[]
  styles?: readonly string[]
}

/** The page with its navigation, and what was just done above it. */
export function adminPage(visit: Visit, page: AdminPage, routes: readonly StewardRoute[], waits: readonly Wait[]): Page {
  const { t } = visit.site.words
  return {
    title: page.wrong ? t('form.titleWrong', { title: page.title }) : page.title,
    description: t('admin.description'),
    canonical: page.path,
    unlisted: true,
    scripts: page.scripts ?? [],
    styles: ['admin.css', ...(page.styles ?? [])],
    head: <AdminHead visit={visit} />,
    body: (
      <div class="admin">
        <Areas visit={visit} current={page.area} routes={routes} path={page.path} waits={waits} />
        <div class="admin-page">
          <FlashBox visit={visit} />
          {!visit.site.home && page.path !== '/admin/first-run' && <SettingUp visit={visit} />}
          <h1>{page.title}</h1>
          {page.body}
        </div>
      </div>
    ),
  }
}

function AdminHead({ visit: { site, steward } }: { visit: Visit }) {
  const { t } = useWords()
  return (
    <header class="masthead admin-head">
      <a class="brand" href="/admin">
        <Mark />
        <span>Archipelago</span>
      </a>
      <ul>
        {site.home && (
          <li>
            <a href={`/c/${site.home.handle}`}>{t('admin.publicPage')}</a>
          </li>
        )}
        <li>
          <a href="/admin/account">
            <bdi>{shortened(steward.name, 24)}</bdi>
          </a>
        </li>
        <li>
          <form method="post" action="/sign-out">
            <button type="submit" class="quiet">
              {t('admin.signOut')}
            </button>
          </form>
        </li>
      </ul>
    </header>
  )
}

/** On a narrow screen it is folded away, and opens without JavaScript. */
function Areas({
  visit,
  current,
  routes,
  path,
  waits,
}: {
  visit: Visit
  current: AreaName
  routes: readonly StewardRoute[]
  path: string
  waits: readonly Wait[]
}) {
  const { t, number } = useWords()
  const waiting = (name: AreaName) => waits.filter(({ area }) => area === name).reduce((sum, { count }) => sum + count, 0)
  const there = new Set(routes.filter(({ method }) => method === 'GET').map(route => route.path))
  const open = AREAS.filter(area => there.has(area.path) && may(visit.steward.role, area.act))
  const list = (
    <ul>
      {open.map(area => (
        <li key={area.name}>
          <a href={area.path} aria-current={area.name === current ? (area.path === path ? 'page' : true) : undefined}>
            {t(`admin.area.${area.name}`)}
            {waiting(area.name) > 0 && (
              <span class="waits">
                <span aria-hidden="true">{number(waiting(area.name))}</span>
                <span class="unseen">{t('admininquiries.waitingCount', { count: waiting(area.name) })}</span>
              </span>
            )}
          </a>
        </li>
      ))}
    </ul>
  )
  return (
    <nav class="areas" aria-label={t('admin.areas')}>
      <details>
        <summary>
          {t('admin.areas')}: <strong>{t(`admin.area.${current}`)}</strong>
        </summary>
        {list}
      </details>
      <div class="areas-wide">{list}</div>
    </nav>
  )
}

/** The way back to the first steps, as long as there is no community. */
function SettingUp({ visit: { steward } }: { visit: Visit }) {
  const { rich } = useWords()
  if (!may(steward.role, 'charter')) return null
  const link = (words: ComponentChildren[]) => <a href="/admin/first-run">{words}</a>
  return <p class="setting-up">{rich('admin.settingUp', { link })}</p>
}

/** What has just been done, and the way back. */
function FlashBox({ visit }: { visit: Visit }) {
  const { t } = useWords()
  const { flash } = visit.session
  if (!flash) return null
  return (
    <div class="notice flash" role="status">
      <p>{flash.text}</p>
      {flash.undo && (
        <form method="post" action={flash.undo.action}>
          {Object.entries(flash.undo.fields).map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          <button type="submit" class="quiet">
            {t('admin.undo')}
          </button>
        </form>
      )}
    </div>
  )
}
