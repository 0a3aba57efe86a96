import type { Asked } from '../../domain/oauth.ts'
import { OUT_OF_BAND } from '../../domain/oauth.ts'
import type { Steward } from '../../domain/steward.ts'
import type { Page } from '../layout.tsx'
import type { Words } from '../messages.ts'
import { Scopes } from '../parts/scopes.tsx'
import { useWords } from '../parts/use-words.ts'
import { Name } from '../parts/words.tsx'
import type { Site } from '../site.ts'

type Props = { asked: Asked; said: Partial<Record<string, string>>; steward: Steward; site: Site }

/** Asks the steward whether an app may act for the community. */
export function authorizePage(props: Props): Page {
  const { t } = props.site.words
  return {
    title: t('authorize.title', { app: props.asked.app.name }),
    description: t('authorize.description'),
    canonical: '/oauth/authorize',
    unlisted: true,
    styles: ['admin.css'],
    body: <Authorize {...props} />,
  }
}

function Authorize({ asked: { app, redirectUri, scopes }, said, steward, site }: Props) {
  const { t, rich } = useWords()
  const community = site.home ? <Name>{site.home.name}</Name> : site.host
  return (
    <div class="sign-in">
      <h1>{t('authorize.title', { app: app.name })}</h1>
      <p>{rich('authorize.asks', { app: <Name>{app.name}</Name>, community })}</p>
      <p>{t('authorize.may')}</p>
      <Scopes scopes={scopes} />
      <p>{rich('authorize.as', { name: <Name>{steward.name}</Name>, role: t(`admin.role.${steward.role}`) })}</p>
      <p class="soft">
        {redirectUri === OUT_OF_BAND
          ? t('authorize.showsCode')
          : rich('authorize.unchecked', { address: <code dir="ltr">{originOf(redirectUri)}</code> })}
      </p>
      <form class="form" method="post" action="/oauth/authorize">
        {Object.entries(said).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <p class="choices">
          <button type="submit" name="decision" value="allow">
            {t('authorize.allow')}
          </button>{' '}
          <button type="submit" name="decision" value="deny" class="quiet">
            {t('authorize.deny')}
          </button>
        </p>
      </form>
      <p class="soft">{t('authorize.later')}</p>
    </div>
  )
}

/** As much of an address as says whose it is. */
function originOf(uri: string): string {
  const { protocol, host } = new URL(uri)
  return host ? `${protocol}//${host}` : protocol
}

/** For apps that can't be answered: the steward carries the code over. */
export function codePage({ app, code, words: { t } }: { app: string; code: string; words: Words }): Page {
  return {
    title: t('authorize.codeTitle', { app }),
    description: t('authorize.description'),
    canonical: '/oauth/authorize',
    unlisted: true,
    styles: ['admin.css'],
    body: (
      <div class="sign-in">
        <h1>{t('authorize.codeTitle', { app })}</h1>
        <p>
          <label for="code">{t('authorize.codeHelp', { app })}</label>
        </p>
        <p>
          <input id="code" type="text" readOnly dir="ltr" class="whole" value={code} />
        </p>
      </div>
    ),
  }
}
