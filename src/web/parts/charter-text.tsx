import type { Charter } from '../../domain/charter.ts'
import type { Agreement } from '../../domain/charter-section.ts'
import { shortened } from '../../lib/text.ts'
import { type FilledSection, filledSections } from '../charter-section.ts'
import { CharterField } from './charter-field.tsx'
import { useLabel } from './label.ts'
import { Prose } from './prose.tsx'
import { useWords } from './use-words.ts'
import { Plain, WebLink } from './words.tsx'

/** The whole charter: its agreements as the community wrote them, then everything else it says of itself, field by field. */
export function CharterText({ charter }: { charter: Charter }) {
  const sections = filledSections(charter, useWords())
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
  const { t } = useWords()
  return (
    <nav class="contents" aria-label={t('charter.contentsOf')}>
      <h3>{t('charter.contents')}</h3>
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
            <a href="#affiliations">{t('charter.affiliations')}</a>
          </li>
        )}
      </ol>
    </nav>
  )
}

function Article({ agreement: { title, text, url, adopted, version }, place }: { agreement: Agreement; place: number }) {
  const { t, rich } = useWords()
  return (
    <section id={`agreement-${place + 1}`} class="article">
      <h3 dir="auto">{shortened(title, 200)}</h3>
      {(adopted || version) && (
        <p class="adopted">
          {adopted && rich('charter.adopted', { day: <time dateTime={adopted}>{adopted}</time> })}
          {adopted && version && t('charter.comma')}
          {version && <Plain>{t('charter.version', { version })}</Plain>}
        </p>
      )}
      {text && <Prose markdown={text} />}
      {url && <p>{rich('charter.readAt', { address: <WebLink href={url} /> })}</p>}
    </section>
  )
}

function Affiliations({ charter }: { charter: Charter }) {
  const { t } = useWords()
  const label = useLabel()
  return (
    <section id="affiliations" class="article">
      <h3>{t('charter.affiliations')}</h3>
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
