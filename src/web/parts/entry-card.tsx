import { labels, opennessWords, placeWords, sizeWords, yearsWords } from '../../domain/charter-words.ts'
import { address, type FoundEntry } from '../../domain/directory.ts'
import { label } from '../../domain/vocabulary.ts'
import { number, shortened } from '../../lib/text.ts'
import { communityPath } from '../community-path.ts'
import { Themes, themeClass } from './theme.tsx'
import { Name } from './words.tsx'

/** A community as a line of the gazetteer. */
export function EntryCard({ entry }: { entry: FoundEntry }) {
  const { charter } = entry
  const distance = entry.distanceKm === undefined ? undefined : `about ${number(Math.round(entry.distanceKm))} km away`
  const facts = [placeWords(charter), yearsWords(charter), sizeWords(charter), distance].filter(fact => fact !== undefined)
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
            <bdi key={fact}>{fact}</bdi>
          ))}
        </p>
      )}
      <p class="summary" dir="auto">
        {shortened(charter.summary, 260)}
      </p>
      <p class="openness">
        {opennessWords(charter).map(words => (
          <span key={words}>{words}</span>
        ))}
        <bdi class="handle">{shortened(address(entry), 100)}</bdi>
      </p>
    </article>
  )
}

/** Where a community is in its life; most are established, and that goes without saying here. */
export function StatusLabel({ status }: { status: string }) {
  if (status === 'established') return null
  return <strong class="status">{status === 'disbanded' ? 'History: no longer exists' : label('status', status)}</strong>
}
