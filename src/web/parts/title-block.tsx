import type { Charter } from '../../domain/charter.ts'
import { shortened } from '../../lib/text.ts'
import { charterWords } from '../charter-words.ts'
import { StatusLabel } from './entry-card.tsx'
import { Themes, themeClass } from './theme.tsx'
import { useWords } from './use-words.ts'
import { Name } from './words.tsx'

/** The title of a community's sheet: theme, kind, name, place, and what it is in two or three sentences. */
export function TitleBlock({ charter }: { charter: Charter }) {
  const { labels, place, years, size } = charterWords(useWords())
  const facts = [place(charter), years(charter), size(charter)].filter(fact => fact !== undefined)
  return (
    <header class={`cartouche ${themeClass(charter.theme)}`}>
      <p class="kicker">
        <Themes charter={charter} />
        <span>{labels('kind', charter.kind)}</span>
        <StatusLabel status={charter.status} />
      </p>
      <h1>
        <Name>{charter.name}</Name>
      </h1>
      {facts.length > 0 && (
        <p class="where">
          {facts.map(fact => (
            <span key={fact}>
              <bdi>{fact}</bdi>
            </span>
          ))}
        </p>
      )}
      <p class="lede" dir="auto">
        {shortened(charter.summary, 500)}
      </p>
    </header>
  )
}
