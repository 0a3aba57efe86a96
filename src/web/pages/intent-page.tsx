import { shellWord, shortened } from '../../lib/text.ts'
import type { Page } from '../layout.tsx'
import { useWords } from '../parts/use-words.ts'
import { Name } from '../parts/words.tsx'
import type { Site } from '../site.ts'

/** What a page elsewhere wants the steward to look at; `known` is what this node knew of it before, `own` that it is its community. */
export type Intended = {
  address: string
  own?: true
  known?: { name: string; handle: string; path: string | undefined; isPost: boolean; followed: boolean }
}
type Props = Intended & { kind: 'follow' | 'object' | 'create'; site: Site }

/** Says what is meant and where a steward goes on. Nothing on it does anything by itself. */
export function intentPage({ kind, address, known, own, site }: Props): Page {
  const { t, rich } = site.words
  const command = kind === 'create' ? 'post' : 'follow'
  const word = shellWord(address)
  const name = site.home ? <Name>{site.home.name}</Name> : t('intent.thisCommunity')
  return {
    title: t(`intent.title.${kind}`),
    description: t('intent.description'),
    canonical: `/intent/${kind}`,
    unlisted: true,
    body: (
      <div class="message">
        <h1>{t(`intent.title.${kind}`)}</h1>
        <p>{rich(`intent.asks.${kind}`, { name })}</p>
        {kind === 'create' ? (
          <blockquote dir="auto">{shortened(address, 1_000)}</blockquote>
        ) : (
          <>
            <p>
              <code dir="ltr">{address}</code>
            </p>
            <p>{own ? t('intent.own') : known ? <Known known={known} /> : t('intent.notMet')}</p>
          </>
        )}
        {own ? undefined : (
          <>
            <p>{t('intent.nothingYet')}</p>
            <p>
              <a class="act" href={onwards(kind, address)} rel="nofollow">
                {t(`intent.goOn.${command}`)}
              </a>
            </p>
            <p>{t('intent.terminal')}</p>
            <pre>
              <code dir="ltr">{`npx archipelago ${command} ${word.startsWith('-') ? '-- ' : ''}${word}`}</code>
            </pre>
          </>
        )}
        <p class="pages">
          <a href="/">{t('layout.searchDirectory')}</a>
        </p>
      </div>
    ),
  }
}

// The pages of the stewards, with what is meant filled in.
function onwards(kind: Props['kind'], address: string): string {
  const given = encodeURIComponent(address)
  return kind === 'create' ? `/admin/posts/new?text=${given}` : `/admin/people/following?who=${given}`
}

function Known({ known: { name, handle, path, isPost, followed } }: { known: NonNullable<Intended['known']> }) {
  const { rich } = useWords()
  const who = path ? (
    <a href={path}>
      <Name>{name}</Name>
    </a>
  ) : (
    <Name>{name}</Name>
  )
  const what = isPost ? 'post' : 'actor'
  return <>{rich(`intent.known.${what}.${followed ? 'followed' : 'new'}`, { name: who, handle: <bdi dir="ltr">{handle}</bdi> })}</>
}
