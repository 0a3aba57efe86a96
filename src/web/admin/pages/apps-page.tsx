import type { AuthorisedApp } from '../../../db/oauth.ts'
import { Scopes } from '../../parts/scopes.tsx'
import { useWords } from '../../parts/use-words.ts'
import { Name } from '../../parts/words.tsx'
import type { Site } from '../../site.ts'
import type { AdminPage } from '../layout.tsx'

type Props = { apps: readonly AuthorisedApp[]; me: number; site: Site }

/** Every app that may act for the community, what it may do, and the way to end that. */
export function appsPage(props: Props): AdminPage {
  return { title: props.site.words.t('admin.area.apps'), path: '/admin/apps', area: 'apps', body: <Apps {...props} /> }
}

function Apps({ apps, me, site }: Props) {
  const { t, rich } = useWords()
  return (
    <>
      <p>{t('authorize.apps.lead')}</p>
      <p>{rich('authorize.apps.connect', { host: <code dir="ltr">{site.host}</code> })}</p>
      {apps.length === 0 && <p>{t('authorize.apps.none')}</p>}
      <ul class="apps">
        {apps.map(one => (
          <App key={`${one.app.id} ${one.steward.id}`} one={one} mine={one.steward.id === me} />
        ))}
      </ul>
    </>
  )
}

function App({ one: { app, steward, scopes, since, usedAt }, mine }: { one: AuthorisedApp; mine: boolean }) {
  const { t, rich, day } = useWords()
  return (
    <li>
      <h2>
        <Name>{app.name}</Name>
      </h2>
      <p>
        {mine
          ? t('authorize.apps.byYou', { day: day(since) })
          : rich('authorize.apps.by', { name: <Name>{steward.name}</Name>, day: day(since) })}{' '}
        {usedAt ? t('authorize.apps.used', { day: day(usedAt) }) : t('authorize.apps.unused')}
      </p>
      {app.website && (
        <p>
          <a href={app.website} rel="nofollow noopener noreferrer">
            <bdi>{app.website}</bdi>
          </a>
        </p>
      )}
      <details>
        <summary>{t('authorize.apps.what')}</summary>
        <Scopes scopes={scopes} />
      </details>
      <form method="post" action="/admin/apps/revoke">
        <input type="hidden" name="app" value={app.id} />
        <input type="hidden" name="steward" value={steward.id} />
        <p>
          <button type="submit" class="quiet">
            {t('authorize.apps.revoke', { app: app.name })}
          </button>
        </p>
      </form>
    </li>
  )
}
