import type { Draft } from '../../../db/draft.ts'
import type { Edition } from '../../../domain/charter.ts'
import { isDue, lastSaidTrue } from '../../../domain/charter-confirm.ts'
import type { CharterFault } from '../../../domain/charter-fault.ts'
import { charterForm } from '../../../domain/charter-form.ts'
import type { Words } from '../../messages.ts'
import { useWords } from '../../parts/use-words.ts'
import { Day, Name } from '../../parts/words.tsx'
import type { AdminPage } from '../layout.tsx'
import { FaultList, sectionTitle } from './charter-section-page.tsx'

export type CharterProps = {
  handle: string | undefined
  current: Edition | undefined
  draft: Draft
  faults: readonly CharterFault[]
  /** How many things would be different for visitors; undefined while the draft is no charter. */
  changes: number | undefined
  /** Drafts of other stewards. */
  others: readonly { name: string; changedAt: Date }[]
  now: Date
}

/** Where the charter stands: what is published, what is drafted, and what can be done with either. */
export function charterAdminPage(props: CharterProps, { t }: Words): AdminPage {
  return { title: t('charterform.title'), path: '/admin/charter', area: 'charter', body: <Overview {...props} /> }
}

/** The section of the form a fault is to be mended in. */
export function mendAt(name: string): string {
  const top = name.split('.')[0]
  const section = charterForm().find(({ fields }) => fields.some(({ key }) => key === top))
  return section ? `/admin/charter/edit/${section.id}?look=1#${name}` : '/admin/charter/edit/agreements?look=1'
}

function Overview(props: CharterProps) {
  const { current, draft, faults, others } = props
  const { t, rich } = useWords()
  const begun = draft.version > 0
  return (
    <>
      {current && <Published {...props} current={current} />}
      {others.length > 0 && (
        <div class="notice">
          <p>{t('charterform.others')}</p>
          <ul>
            {others.map(({ name, changedAt }) => (
              <li key={name}>{rich('charterform.other', { name: <Name>{name}</Name>, day: <Day date={changedAt} /> })}</li>
            ))}
          </ul>
        </div>
      )}
      {current && draft.base !== current.edition && <Overtaken current={current} />}
      <section aria-labelledby="draft">
        <h2 id="draft">{t(current ? 'charterform.nextEdition' : 'charterform.firstEdition')}</h2>
        <p>{t(begun ? 'charterform.draftBegun' : 'charterform.draftNone')}</p>
        {begun && <FaultList faults={faults} linkTo={mendAt} />}
        <Sections faults={begun ? faults : []} />
        {begun && <Finish {...props} />}
      </section>
      <Files current={current} />
    </>
  )
}

function Sections({ faults }: { faults: readonly CharterFault[] }) {
  const words = useWords()
  return (
    <ol class="sections">
      {charterForm().map(({ id, fields }) => {
        const wrong = faults.filter(({ name }) => fields.some(({ key }) => key === name.split('.')[0])).length
        return (
          <li key={id}>
            <a href={`/admin/charter/edit/${id}`}>{sectionTitle(words, id)}</a>{' '}
            {wrong > 0 && <span class="status">{words.t('charterform.toMend', { count: wrong })}</span>}
            <p class="soft">{words.t(`charterform.about.${id}`)}</p>
          </li>
        )
      })}
    </ol>
  )
}

function Finish({ changes, faults, draft }: CharterProps) {
  const { t } = useWords()
  return (
    <div class="finish">
      {changes !== undefined && <p>{t('charterform.changes', { count: changes })}</p>}
      <p class="buttons">
        <a class="act" href="/admin/charter/changes">
          {t('charterform.look')}
        </a>
        <a href="/admin/charter/preview">{t('charterform.preview')}</a>
      </p>
      {faults.length > 0 && <p class="soft">{t('charterform.mendFirst')}</p>}
      <div class="deeds">
        {draft.before && (
          <form method="post" action="/admin/charter/undo">
            <button type="submit" class="quietly">
              {t('charterform.undo')}
            </button>
          </form>
        )}
        <form method="post" action="/admin/charter/discard">
          <button type="submit" class="quietly">
            {t('charterform.discard')}
          </button>
        </form>
      </div>
    </div>
  )
}

function Published({ current, handle, now }: CharterProps & { current: Edition }) {
  const { t, rich } = useWords()
  const due = isDue(current, now)
  return (
    <section aria-labelledby="published" class={due ? 'notice' : undefined}>
      <h2 id="published">{t('charterform.published')}</h2>
      <p>
        {rich('charterform.inForce', {
          edition: <a href={`/c/${handle}/charter/${current.edition}`}>{t('charterform.edition', { edition: current.edition })}</a>,
          day: <Day date={current.publishedAt} />,
        })}{' '}
        {current.charter.lastVerified && rich('charterform.confirmedOn', { day: <Day date={new Date(current.charter.lastVerified)} /> })}
      </p>
      {due && (
        <p>
          <strong>{rich('charterform.due', { day: <Day date={lastSaidTrue(current)} /> })}</strong>
        </p>
      )}
      <form method="post" action="/admin/charter/confirm" class="deed">
        <p class="soft">{t('charterform.confirmHelp')}</p>
        <button type="submit" class={due ? undefined : 'quietly'}>
          {t('charterform.confirm')}
        </button>
      </form>
    </section>
  )
}

function Overtaken({ current }: { current: Edition }) {
  const { t } = useWords()
  return (
    <div class="notice" role="alert">
      <p>
        <strong>{t('charterform.overtaken', { edition: current.edition })}</strong>
      </p>
      <p>{t('charterform.overtakenHelp')}</p>
      <form method="post" action="/admin/charter/merge">
        <button type="submit">{t('charterform.merge')}</button>
      </form>
    </div>
  )
}

function Files({ current }: { current: Edition | undefined }) {
  const { t } = useWords()
  return (
    <section aria-labelledby="files">
      <h2 id="files">{t('charterform.files')}</h2>
      <p>{t('charterform.filesHelp')}</p>
      <ul>
        {current && (
          <li>
            <a href="/admin/charter/export?of=edition&as=yaml" download>
              {t('charterform.exportEdition', { as: 'YAML' })}
            </a>
            {', '}
            <a href="/admin/charter/export?of=edition&as=json" download>
              JSON
            </a>
          </li>
        )}
        <li>
          <a href="/admin/charter/export?of=draft&as=yaml" download>
            {t('charterform.exportDraft', { as: 'YAML' })}
          </a>
          {', '}
          <a href="/admin/charter/export?of=draft&as=json" download>
            JSON
          </a>
        </li>
        <li>
          <a href="/admin/charter/import">{t('charterform.import')}</a>
        </li>
      </ul>
    </section>
  )
}
