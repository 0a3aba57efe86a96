import type { Draft } from '../../../db/draft.ts'
import type { Charter, Edition } from '../../../domain/charter.ts'
import type { CharterChanges } from '../../../domain/charter-diff.ts'
import type { CharterFault } from '../../../domain/charter-fault.ts'
import type { Community } from '../../../domain/community.ts'
import type { Page } from '../../layout.tsx'
import type { Words } from '../../messages.ts'
import { AgreementChangeItem, FieldChangeItem } from '../../parts/charter-change.tsx'
import { useWords } from '../../parts/use-words.ts'
import type { AdminPage } from '../layout.tsx'
import { mendAt } from './charter-page.tsx'
import { FaultList } from './charter-section-page.tsx'

export type ChangesProps = {
  draft: Draft
  current: Edition | undefined
  /** What would be published; undefined while the draft is no charter. */
  charter: Charter | undefined
  changes: CharterChanges | undefined
  faults: readonly CharterFault[]
  community: Community | undefined
}

/** What will be different for visitors, and the button that publishes it. */
export function charterChangesPage(props: ChangesProps, { t }: Words): AdminPage {
  const title = props.current ? t('charterform.changesTitle', { from: props.current.edition }) : t('charterform.firstEdition')
  return { title, path: '/admin/charter/changes', area: 'charter', body: <Changes {...props} />, scripts: [] }
}

function Changes({ draft, current, charter, changes, faults, community }: ChangesProps) {
  const { t, rich } = useWords()
  const overtaken = draft.base !== (current?.edition ?? 0)
  const total = changes ? changes.fields.length + changes.agreements.length + (changes.reordered ? 1 : 0) : 0
  return (
    <div class="diff">
      <p>
        <a href="/admin/charter">{t('charterform.overview')}</a>
      </p>
      <FaultList faults={faults} linkTo={mendAt} />
      {overtaken && <p class="notice">{t('charterform.overtaken', { edition: current?.edition ?? 0 })}</p>}
      {changes && (
        <>
          <p class="sum" role="status">
            {total === 0 ? t('profile.diff.nothing') : t('profile.diff.count', { count: total })}
          </p>
          {total > 0 && (
            <p class="legend soft">{rich('profile.diff.legend', { ins: said => <ins>{said}</ins>, del: said => <del>{said}</del> })}</p>
          )}
          {changes.reordered && <p class="soft">{t('profile.diff.agreementsReordered')}</p>}
          {changes.agreements.map((change, place) => (
            <AgreementChangeItem key={place} change={change} />
          ))}
          {changes.fields.length > 0 && (
            <dl class="fields changes">
              {changes.fields.map(change => (
                <FieldChangeItem key={change.field} change={change} />
              ))}
            </dl>
          )}
          <p class="soft">{t('charterform.placeAsShown')}</p>
        </>
      )}
      <p>
        <a href="/admin/charter/preview">{t('charterform.preview')}</a>
      </p>
      {charter && !community && (
        <div class="deed">
          <p>{t('charterform.finishSetUp')}</p>
          <a class="act" href="/admin/first-run">
            {t('charterform.goOn')}
          </a>
        </div>
      )}
      {charter && community && !overtaken && (
        <form method="post" action="/admin/charter/publish" class="deed">
          <input type="hidden" name="version" value={draft.version} />
          <p>{t('charterform.publishHelp', { edition: (current?.edition ?? 0) + 1 })}</p>
          <button type="submit">{t('charterform.publish', { edition: (current?.edition ?? 0) + 1 })}</button>
        </form>
      )}
    </div>
  )
}

/** A page of the visitors' web with a word on it that nobody else sees it so. */
export function withPreviewNotice(page: Page, faults: readonly CharterFault[]): Page {
  return {
    ...page,
    unlisted: true,
    canonical: '/admin/charter/preview',
    activity: undefined,
    links: [],
    body: <Noticed page={page} faults={faults} />,
  }
}

function Noticed({ page, faults }: { page: Page; faults: readonly CharterFault[] }) {
  const { t } = useWords()
  return (
    <>
      <div class="notice preview-notice" role="status">
        <p>
          <strong>{t('charterform.previewTitle')}</strong> {t(faults.length > 0 ? 'charterform.previewFaults' : 'charterform.previewHelp')}
        </p>
        <p>
          <a href="/admin/charter">{t('charterform.backToDraft')}</a>
        </p>
      </div>
      {page.body}
    </>
  )
}

/** Too little is there to be shown. */
export function noPreviewPage(faults: readonly CharterFault[], { t }: Words): AdminPage {
  const body = (
    <>
      <p>{t('charterform.noPreview')}</p>
      <FaultList faults={faults} linkTo={mendAt} />
      <p>
        <a href="/admin/charter">{t('charterform.overview')}</a>
      </p>
    </>
  )
  return { title: t('charterform.preview'), path: '/admin/charter/preview', area: 'charter', body }
}
