import type { Charter } from '../../domain/charter.ts'
import type { Agreement } from '../../domain/charter-section.ts'
import { label } from '../../domain/vocabulary.ts'
import { shortened } from '../../lib/text.ts'
import { type FilledSection, filledSections } from '../charter-section.ts'
import { CharterField } from './charter-field.tsx'
import { Prose } from './prose.tsx'
import { Plain, WebLink } from './words.tsx'

/** The whole charter: its agreements as the community wrote them, then everything else it says of itself, field by field. */
export function CharterText({ charter }: { charter: Charter }) {
  const sections = filledSections(charter)
  return (
    <div class="charter">
      <Contents charter={charter} sections={sections} />
      <div class="articles">
        {charter.agreements.map((agreement, place) => (
          <Article key={place} agreement={agreement} place={place} />
        ))}
        {sections.map(section => (
          <section key={section.id} id={section.id} class="article">
            <h3>{section.title}</h3>
            <dl class="fields">
              {section.fields.map(({ name, title, value }) => (
                <div key={name}>
                  <dt>{title}</dt>
                  <dd>
                    <CharterField name={name} value={value} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        {charter.affiliations && charter.affiliations.length > 0 && <Affiliations charter={charter} />}
      </div>
    </div>
  )
}

function Contents({ charter, sections }: { charter: Charter; sections: readonly FilledSection[] }) {
  return (
    <nav class="contents" aria-label="Contents of the charter">
      <h3>Contents</h3>
      <ol>
        {charter.agreements.map(({ title }, place) => (
          <li key={place}>
            <a href={`#agreement-${place + 1}`}>
              <bdi>{shortened(title, 70)}</bdi>
            </a>
          </li>
        ))}
        {sections.map(({ id, title }) => (
          <li key={id}>
            <a href={`#${id}`}>{title}</a>
          </li>
        ))}
        {charter.affiliations && charter.affiliations.length > 0 && (
          <li>
            <a href="#affiliations">Affiliations</a>
          </li>
        )}
      </ol>
    </nav>
  )
}

function Article({ agreement: { title, text, url, adopted, version }, place }: { agreement: Agreement; place: number }) {
  return (
    <section id={`agreement-${place + 1}`} class="article">
      <h3 dir="auto">{shortened(title, 200)}</h3>
      {(adopted || version) && (
        <p class="adopted">
          {adopted && (
            <>
              Adopted <time dateTime={adopted}>{adopted}</time>
            </>
          )}
          {adopted && version && ', '}
          {version && <Plain>{`version ${version}`}</Plain>}
        </p>
      )}
      {text && <Prose markdown={text} />}
      {url && (
        <p>
          Read it at <WebLink href={url} />
        </p>
      )}
    </section>
  )
}

function Affiliations({ charter }: { charter: Charter }) {
  return (
    <section id="affiliations" class="article">
      <h3>Affiliations</h3>
      <ul class="plain">
        {charter.affiliations?.map(({ name, url, rel }) => (
          <li key={name}>
            {rel && `${label('rel', rel)} `}
            {url ? (
              <WebLink href={url}>
                <Plain>{name}</Plain>
              </WebLink>
            ) : (
              <Plain>{name}</Plain>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
