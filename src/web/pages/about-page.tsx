import type { ComponentChildren } from 'preact'
import type { Page } from '../layout.tsx'
import { useWords } from '../parts/use-words.ts'
import { Name } from '../parts/words.tsx'
import type { Site } from '../site.ts'

type Props = { site: Site; size: number }

export function aboutPage({ site, size }: Props): Page {
  const { t } = site.words
  return {
    title: t('about.title'),
    description: t('about.description'),
    canonical: '/about',
    section: 'about',
    body: <About site={site} size={size} />,
  }
}

function About({ site, size }: Props) {
  const { t, rich } = useWords()
  return (
    <div class="about">
      <h1>{t('about.head')}</h1>
      <p class="lede">{t('about.lede')}</p>

      <h2>{t('about.thisNode')}</h2>
      <p>
        {rich('about.youAreAt', { host: <span class="host">{site.host}</span> })} <RunFor site={site} />{' '}
        {rich('about.holds', { count: size, link: words => <a href="/network">{words}</a> })}
      </p>

      <h2 id="directory">{t('about.coverage')}</h2>
      <p>{t('about.coverageHow')}</p>
      <p>{t('about.coverageWhat')}</p>

      <h2>{t('about.following')}</h2>
      <p>{rich('about.followingHow', { address: <code>@handle@its.host</code> })}</p>

      <h2 id="run">{t('about.running')}</h2>
      <p>{t('about.runningNeeds')}</p>
      <ol class="steps">
        <li>
          <code>npx archipelago setup --charter my-charter.yaml</code>
          <span>{rich('about.stepSetup', { option: <code>--charter</code> })}</span>
        </li>
        <li>
          <code>npm start</code>
          <span>{t('about.stepStart')}</span>
        </li>
        <li>
          <code>
            npx archipelago follow @{site.home?.handle ?? 'community'}@{site.host}
          </code>
          <span>{t('about.stepFollow')}</span>
        </li>
      </ol>

      <h2>{t('about.privacy')}</h2>
      <p>{t('about.privacyHow')}</p>

      <h2>{t('layout.forPrograms')}</h2>
      <p>{rich('about.programs', { version: site.version, link: words => <a href="/api">{words}</a> })}</p>
    </div>
  )
}

function RunFor({ site: { home } }: Pick<Props, 'site'>) {
  const { rich } = useWords()
  if (!home) return <>{rich('about.noCommunity', { command: <code>npx archipelago setup</code> })}</>
  const name: ComponentChildren = (
    <a href={`/c/${home.handle}`}>
      <Name>{home.name}</Name>
    </a>
  )
  return <>{rich('about.runFor', { name })}</>
}
