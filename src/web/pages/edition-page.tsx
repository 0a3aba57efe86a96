import type { ComponentChildren } from 'preact'
import type { Edition } from '../../domain/charter.ts'
import type { Page } from '../layout.tsx'
import type { Words } from '../messages.ts'
import { AtAGlance } from '../parts/at-a-glance.tsx'
import { CharterText } from '../parts/charter-text.tsx'
import { TitleBlock } from '../parts/title-block.tsx'
import { Day, Name } from '../parts/words.tsx'

type Props = {
  handle: string
  /** The edition as others may see it. */
  edition: Edition
  /** The number of the one in force. */
  current: number
  words: Words
}

export function editionPage({
  handle,
  edition: { edition, publishedAt, charter },
  current,
  activity,
  words,
}: Props & { activity: string }): Page {
  const { t, rich } = words
  const strong = (said: ComponentChildren) => <strong>{said}</strong>
  const newest = (said: ComponentChildren) => <a href={`/c/${handle}/charter/${current}`}>{said}</a>
  return {
    title: t('edition.title', { name: charter.name, edition }),
    description: charter.summary,
    canonical: `/c/${handle}/charter/${edition}`,
    kind: 'article',
    section: 'home',
    activity,
    body: (
      <article class="community">
        <p class="crumbs">
          <a href={`/c/${handle}`}>
            <Name>{charter.name}</Name>
          </a>{' '}
          / <a href={`/c/${handle}/charter`}>{t('edition.charter')}</a> / {t('edition.edition', { edition })}
        </p>
        {edition === current ? (
          <p class="edition-line">{rich('edition.inForceSince', { edition, day: <Day date={publishedAt} /> })}</p>
        ) : (
          <div class="notice">
            <p>{rich('edition.superseded', { edition, current, day: <Day date={publishedAt} />, strong, link: newest })}</p>
          </div>
        )}
        <TitleBlock charter={charter} />
        {edition > 1 && (
          <p>
            <a href={`/c/${handle}/charter/${edition}/diff`}>{t('profile.diff.link', { from: edition - 1 })}</a>
          </p>
        )}
        <AtAGlance charter={charter} />
        <section aria-labelledby="charter">
          <h2 id="charter">{t('edition.theCharter')}</h2>
          <CharterText charter={charter} />
        </section>
      </article>
    ),
  }
}

/** `editions`: newest first, as others may see them. */
type AllEditions = { handle: string; editions: readonly Edition[]; words: Words }

export function editionsPage({ handle, editions, words: { t, rich } }: AllEditions): Page {
  const [current] = editions
  const name = current?.charter.name ?? handle
  return {
    title: t('edition.allTitle', { name }),
    description: t('edition.allDescription', { name }),
    canonical: `/c/${handle}/charter`,
    section: 'home',
    body: (
      <article class="community">
        <p class="crumbs">
          <a href={`/c/${handle}`}>
            <Name>{name}</Name>
          </a>{' '}
          / {t('edition.charter')}
        </p>
        <h1>{t('edition.all')}</h1>
        <p class="soft">{t('edition.never')}</p>
        <ol class="editions" reversed>
          {editions.map(({ edition, publishedAt, charter }) => (
            <li key={edition} value={edition}>
              {rich('edition.of', {
                edition,
                day: <Day date={publishedAt} />,
                link: (said: ComponentChildren) => <a href={`/c/${handle}/charter/${edition}`}>{said}</a>,
              })}
              {edition === current?.edition && <strong class="status">{t('edition.inForce')}</strong>}
              <br />
              {rich('edition.agreements', { name: <Name>{charter.name}</Name>, count: charter.agreements.length })}
              {edition > 1 && (
                <>
                  {' · '}
                  <a href={`/c/${handle}/charter/${edition}/diff`}>{t('profile.diff.link', { from: edition - 1 })}</a>
                </>
              )}
            </li>
          ))}
        </ol>
      </article>
    ),
  }
}
