import type { Related } from '../../db/related.ts'
import { charterWords } from '../charter-words.ts'
import { communityPath } from '../community-path.ts'
import { StatusLabel } from './entry-card.tsx'
import { themeClass } from './theme.tsx'
import { useWords } from './use-words.ts'
import { Name } from './words.tsx'

/** Communities somebody who reads about this one may want to see too, each with what they have in common. */
export function RelatedCommunities({ related }: { related: readonly Related[] }) {
  const words = useWords()
  const { t } = words
  const { labels, place } = charterWords(words)
  if (related.length === 0) return null
  return (
    <section class="related" aria-labelledby="related">
      <h2 id="related">{t('profile.related')}</h2>
      <ul>
        {related.map(({ entry, why }) => (
          <li key={entry.actor} class={themeClass(entry.charter.theme)}>
            <p class="kicker">
              <span>{labels('kind', entry.charter.kind)}</span>
              <StatusLabel status={entry.charter.status} />
            </p>
            <h3>
              <a href={communityPath(entry)}>
                <Name>{entry.charter.name}</Name>
              </a>
            </h3>
            {place(entry.charter) && (
              <p class="soft">
                <bdi>{place(entry.charter)}</bdi>
              </p>
            )}
            <ul class="why" aria-label={t('profile.common')}>
              {why.map(reason => (
                <li key={reason.kind}>
                  {reason.kind === 'near'
                    ? t('profile.reason.near', { km: reason.km })
                    : t(`profile.reason.${reason.kind}`, { value: labels(reason.field, reason.values) ?? '' })}
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </section>
  )
}
