import type { Draft } from '../../../db/draft.ts'
import { rawGroup } from '../../../domain/charter-draft.ts'
import type { CharterFault } from '../../../domain/charter-fault.ts'
import { charterForm, type FormSection } from '../../../domain/charter-form.ts'
import type { Words } from '../../messages.ts'
import { useWords } from '../../parts/use-words.ts'
import type { Site } from '../../site.ts'
import { faultPlace, faultWords } from '../charter-words.ts'
import type { AdminPage } from '../layout.tsx'
import { CharterInputs } from '../parts/charter-input.tsx'
import { PlacePicture } from '../parts/place-picture.tsx'

export type SectionProps = {
  section: FormSection
  /** With what was typed in its place. */
  draft: Pick<Draft, 'raw' | 'version'>
  /** Those of this section that are to be shown. */
  faults: readonly CharterFault[]
  /** Names of fields that say something else in the draft by now than was typed here. */
  stale?: readonly string[]
  site: Site
  tiles: { url: string; attribution: string } | undefined
}

export const sectionTitle = ({ t }: Words, id: string) => t(`charterform.section.${id}`)

/** One section of the charter, to be filled in. */
export function charterSectionPage(props: SectionProps): AdminPage {
  const { section, faults, site, stale = [] } = props
  return {
    title: sectionTitle(site.words, section.id),
    path: `/admin/charter/edit/${section.id}`,
    area: 'charter',
    wrong: faults.length > 0 || stale.length > 0,
    scripts: ['charter-edit.js', ...(section.id === 'place' ? ['charter-place.js'] : [])],
    body: <Section {...props} />,
  }
}

function Section({ section, draft, faults, stale = [], site, tiles }: SectionProps) {
  const { t } = useWords()
  const path = `/admin/charter/edit/${section.id}`
  const last = charterForm().at(-1)?.id === section.id
  return (
    <>
      <Steps current={section.id} />
      {stale.length > 0 && <Stale names={stale} />}
      <FaultList faults={faults} />
      <p>{t(`charterform.about.${section.id}`)}</p>
      <form
        class="form charter-form"
        id="charter-form"
        method="post"
        action={path}
        autocomplete="off"
        data-keep={`${path}/keep`}
        data-words={JSON.stringify(scriptWords(t))}
      >
        <button type="submit" name="do" value="save" class="unseen" tabIndex={-1} aria-hidden="true">
          {t('charterform.save')}
        </button>
        <input type="hidden" name="version" value={draft.version} />
        {section.id === 'place' && <PlacePicture raw={rawGroup(draft.raw.place)} site={site} tiles={tiles} />}
        <CharterInputs fields={section.fields} filled={{ raw: draft.raw, faults }} />
        <p class="buttons">
          <button type="submit" name="do" value="next">
            {t(last ? 'charterform.saveLast' : 'charterform.saveNext')}
          </button>
          <button type="submit" class="quietly" name="do" value="save">
            {t('charterform.save')}
          </button>
        </p>
        <p class="soft kept" role="status" data-kept>
          {t('charterform.nothingPublic')}
        </p>
      </form>
    </>
  )
}

/** The sections in their order. */
function Steps({ current }: { current: string }) {
  const words = useWords()
  return (
    <nav class="charter-steps" aria-label={words.t('charterform.sections')}>
      <ol>
        {charterForm().map(({ id }) => (
          <li key={id}>
            <a href={`/admin/charter/edit/${id}`} aria-current={id === current ? 'page' : undefined}>
              {sectionTitle(words, id)}
            </a>
          </li>
        ))}
      </ol>
      <p>
        <a href="/admin/charter">{words.t('charterform.overview')}</a>
      </p>
    </nav>
  )
}

function Stale({ names }: { names: readonly string[] }) {
  const words = useWords()
  return (
    <div class="notice faults" role="alert">
      <p>
        <strong>{words.t('charterform.staleTitle')}</strong>
      </p>
      <p>{words.t('charterform.stale')}</p>
      <ul>
        {names.map(name => (
          <li key={name}>
            <a href={`#${name}`}>{faultPlace(words, name)}</a>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** Everything that is to be mended, each linked to its field. */
export function FaultList({ faults, linkTo = name => `#${name}` }: { faults: readonly CharterFault[]; linkTo?: (name: string) => string }) {
  const words = useWords()
  if (faults.length === 0) return null
  return (
    <div class="notice faults" role="alert" id="faults">
      <p>
        <strong>{words.t('charterform.faults', { count: faults.length })}</strong>
      </p>
      <ul>
        {faults.map(fault => (
          <li key={fault.name}>
            <a href={linkTo(fault.name)}>
              {faultPlace(words, fault.name)}: {faultWords(words, fault)}
            </a>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** What the script says. */
function scriptWords(t: Words['t']): Record<string, string> {
  return {
    saving: t('charterform.saving'),
    saved: t('charterform.savedAt', { time: '{time}' }),
    stale: t('charterform.staleHere'),
    failed: t('charterform.failed'),
    signedOut: t('charterform.signedOut'),
  }
}
