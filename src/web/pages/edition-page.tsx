import type { Edition } from '../../domain/charter.ts'
import type { Page } from '../layout.tsx'
import { CharterText } from '../parts/charter-text.tsx'
import { Facts } from '../parts/facts.tsx'
import { TitleBlock } from '../parts/title-block.tsx'
import { Day, Name } from '../parts/words.tsx'

type Props = {
  handle: string
  /** The edition as others may see it. */
  edition: Edition
  /** The number of the one in force. */
  current: number
}

export function editionPage({ handle, edition: { edition, publishedAt, charter }, current, activity }: Props & { activity: string }): Page {
  return {
    title: `${charter.name}: charter, edition ${edition}`,
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
          / <a href={`/c/${handle}/charter`}>Charter</a> / Edition {edition}
        </p>
        {edition === current ? (
          <p class="edition-line">
            Edition {edition}, in force since <Day date={publishedAt} />.
          </p>
        ) : (
          <div class="notice">
            <p>
              <strong>
                Edition {edition} of <Day date={publishedAt} /> has been superseded.
              </strong>{' '}
              It is kept here as it was. <a href={`/c/${handle}/charter/${current}`}>Edition {current} is in force</a>.
            </p>
          </div>
        )}
        <TitleBlock charter={charter} />
        <section class="at-a-glance" aria-labelledby="glance">
          <h2 id="glance">At a glance</h2>
          <Facts charter={charter} />
        </section>
        <section aria-labelledby="charter">
          <h2 id="charter">The charter</h2>
          <CharterText charter={charter} />
        </section>
      </article>
    ),
  }
}

/** @param editions newest first, as others may see them */
export function editionsPage({ handle, editions }: { handle: string; editions: readonly Edition[] }): Page {
  const [current] = editions
  const name = current?.charter.name ?? handle
  return {
    title: `${name}: editions of the charter`,
    description: `Every edition of the charter of ${name}, with its date.`,
    canonical: `/c/${handle}/charter`,
    section: 'home',
    body: (
      <article class="community">
        <p class="crumbs">
          <a href={`/c/${handle}`}>
            <Name>{name}</Name>
          </a>{' '}
          / Charter
        </p>
        <h1>Editions of the charter</h1>
        <p class="soft">A charter is never changed, only superseded. Every edition stays here as it was published.</p>
        <ol class="editions" reversed>
          {editions.map(({ edition, publishedAt, charter }) => (
            <li key={edition} value={edition}>
              <a href={`/c/${handle}/charter/${edition}`}>Edition {edition}</a> of <Day date={publishedAt} />
              {edition === current?.edition && <strong class="status">In force</strong>}
              <br />
              <Name>{charter.name}</Name>, {charter.agreements.length} {charter.agreements.length === 1 ? 'agreement' : 'agreements'}
            </li>
          ))}
        </ol>
      </article>
    ),
  }
}
