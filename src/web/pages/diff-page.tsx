import type { Edition } from '../../domain/charter.ts'
import type { CharterChanges } from '../../domain/charter-diff.ts'
import type { Page } from '../layout.tsx'
import type { Words } from '../messages.ts'
import { AgreementChangeItem, FieldChangeItem } from '../parts/charter-change.tsx'
import { Day, Name } from '../parts/words.tsx'

type Props = {
  handle: string
  /** Both as others may see them. */
  earlier: Edition
  later: Edition
  changes: CharterChanges
  /** All there are, newest first. */
  editions: readonly Pick<Edition, 'edition' | 'publishedAt'>[]
  /** The one in the address. */
  asked: number
  words: Words
}

export function diffPage({ handle, earlier, later, changes, editions, asked, words }: Props): Page {
  const { t, rich } = words
  const { name } = later.charter
  const [from, to] = [earlier.edition, later.edition]
  const path = `/c/${handle}/charter`
  const total = changes.fields.length + changes.agreements.length + (changes.reordered ? 1 : 0)
  const usual = asked === to && from === to - 1
  return {
    title: t('profile.diff.pageTitle', { name, from, to }),
    description: t('profile.diff.description', { name, from, to, count: total }),
    canonical: usual ? `${path}/${to}/diff` : `${path}/${to}/diff?with=${from}`,
    section: 'home',
    unlisted: !usual,
    body: (
      <article class="community diff">
        <p class="crumbs">
          <a href={`/c/${handle}`}>
            <Name>{name}</Name>
          </a>{' '}
          / <a href={path}>{t('profile.diff.charter')}</a> / {t('profile.diff.crumb', { from, to })}
        </p>
        <h1>{t('profile.diff.title', { from, to })}</h1>
        <p class="soft">
          {rich('profile.diff.between', {
            from: <a href={`${path}/${from}`}>{t('profile.diff.edition', { number: from })}</a>,
            to: <a href={`${path}/${to}`}>{t('profile.diff.edition', { number: to })}</a>,
            first: <Day date={earlier.publishedAt} />,
            second: <Day date={later.publishedAt} />,
          })}
        </p>
        <Choice {...{ handle, editions, asked, words }} other={asked === to ? from : to} />
        <p class="sum" role="status">
          {total === 0 ? t('profile.diff.nothing') : t('profile.diff.count', { count: total })}
        </p>
        {total > 0 && (
          <p class="legend soft">
            {rich('profile.diff.legend', {
              ins: said => <ins>{said}</ins>,
              del: said => <del>{said}</del>,
            })}
          </p>
        )}
        {(changes.agreements.length > 0 || changes.reordered) && (
          <section aria-labelledby="agreements">
            <h2 id="agreements">{t('profile.diff.agreements')}</h2>
            {changes.reordered && <p class="soft">{t('profile.diff.agreementsReordered')}</p>}
            {changes.agreements.map((change, place) => (
              <AgreementChangeItem key={place} change={change} />
            ))}
          </section>
        )}
        {changes.fields.length > 0 && (
          <section aria-labelledby="fields">
            <h2 id="fields">{t('profile.diff.fields')}</h2>
            <dl class="fields changes">
              {changes.fields.map(change => (
                <FieldChangeItem key={change.field} change={change} />
              ))}
            </dl>
          </section>
        )}
        <p class="soft">{t('profile.diff.placeNote')}</p>
      </article>
    ),
  }
}

/** Another edition to compare with; it works without a script. */
function Choice({ handle, editions, asked, other, words }: Pick<Props, 'handle' | 'editions' | 'asked' | 'words'> & { other: number }) {
  const { t, day } = words
  if (editions.length < 3) return null
  return (
    <form class="choice-of-edition" action={`/c/${handle}/charter/${asked}/diff`}>
      <label for="with">{t('profile.diff.compareWith', { number: asked })}</label>
      <select id="with" name="with">
        {editions
          .filter(({ edition }) => edition !== asked)
          .map(({ edition, publishedAt }) => (
            <option key={edition} value={edition} selected={edition === other}>
              {t('profile.diff.option', { number: edition, day: day(publishedAt) })}
            </option>
          ))}
      </select>
      <button type="submit">{t('profile.diff.compare')}</button>
    </form>
  )
}
