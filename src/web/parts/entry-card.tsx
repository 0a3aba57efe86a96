import { address, type FoundEntry } from '../../domain/directory.ts'
import { shortened } from '../../lib/text.ts'
import { charterWords } from '../charter-words.ts'
import { communityPath } from '../community-path.ts'
import { ComparePick } from './compare-pick.tsx'
import { useLabel } from './label.ts'
import { Themes, themeClass } from './theme.tsx'
import { useWords } from './use-words.ts'
import { Name } from './words.tsx'

/** A community as a line of the gazetteer. */
export function EntryCard({ entry }: { entry: FoundEntry }) {
  const { charter } = entry
  const words = useWords()
  const { labels, place, years, size, openness } = charterWords(words)
  const distance = entry.distanceKm === undefined ? undefined : words.t('search.away', { km: Math.round(entry.distanceKm) })
  const facts = [place(charter), years(charter), size(charter), distance].filter(fact => fact !== undefined)
  return (
    <article class={`entry ${themeClass(charter.theme)}`}>
      <p class="kicker">
        <Themes charter={charter} />
        <span>{labels('kind', charter.kind)}</span>
        <StatusLabel status={charter.status} />
      </p>
      <h3>
        <a href={communityPath(entry)}>
          <Name>{charter.name}</Name>
        </a>
      </h3>
      {facts.length > 0 && (
        <p class="where">
          {facts.map(fact => (
            <span key={fact}>
              <bdi>{fact}</bdi>
            </span>
          ))}
        </p>
      )}
      <p class="summary" dir="auto">
        {shortened(charter.summary, 260)}
      </p>
      <p class="openness">
        {openness(charter).map(said => (
          <span key={said}>{said}</span>
        ))}
        <bdi class="handle">{shortened(address(entry), 100)}</bdi>
      </p>
      <ComparePick entry={entry} />
    </article>
  )
}

/** Where a community is in its life; most are established, and that goes without saying here. */
export function StatusLabel({ status }: { status: string }) {
  const { t } = useWords()
  const label = useLabel()
  if (status === 'established') return null
  return <strong class="status">{status === 'disbanded' ? t('charter.history') : label('status', status)}</strong>
}
