import type { FollowPreview, FollowProgress, previewFollows } from '../../../actions/following-list.ts'
import type { Words } from '../../messages.ts'
import { useWords } from '../../parts/use-words.ts'
import { Plain } from '../../parts/words.tsx'
import type { AdminPage } from '../layout.tsx'
import { FormFaults } from '../parts/form.tsx'
import { ListForm } from '../parts/list-form.tsx'
import { PeopleTabs } from './people-page.tsx'

/** What was read of a list, or why it was not. */
export type ImportShown = { read?: ReturnType<typeof previewFollows>; fault?: string }
type Props = ImportShown & { progress: FollowProgress | undefined }

const PATH = '/admin/people/following/import'

export function peopleImportPage(props: Props, { t }: Words): AdminPage {
  const wrong = props.fault !== undefined
  return { title: t('people.import.title'), path: PATH, area: 'people', wrong, body: <Import {...props} /> }
}

function Import({ read, fault, progress }: Props) {
  const { t } = useWords()
  return (
    <>
      <PeopleTabs current="following" />
      <FormFaults faults={fault ? [{ field: 'file', text: fault }] : []} />
      {read ? (
        <Preview read={read} />
      ) : (
        <>
          <p>{t('people.import.lede')}</p>
          {progress && <Progress progress={progress} />}
          <ListForm
            action={`${PATH}/look`}
            fileHelp={t('people.import.fileHelp')}
            pasteHelp={t('people.import.pasteHelp')}
            press={t('people.import.look')}
          />
        </>
      )}
    </>
  )
}

function Progress({ progress: { waiting, failed } }: { progress: FollowProgress }) {
  const { t } = useWords()
  return (
    <section aria-labelledby="progress">
      <h2 id="progress">{t('people.import.last')}</h2>
      <p>{t('people.import.waiting', { count: waiting })}</p>
      {failed.length > 0 && (
        <>
          <p>{t('people.import.failed', { count: failed.length })}</p>
          <ul class="things">
            {failed.map(({ address, why }) => (
              <li key={address}>
                <p>
                  <bdi class="handle">{address}</bdi>
                </p>
                <p class="soft" lang="en" dir="auto">
                  <Plain>{why}</Plain>
                </p>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

function Preview({ read: { rows, left, problems } }: { read: NonNullable<ImportShown['read']> }) {
  const { t } = useWords()
  const fresh = rows.filter(({ state }) => state === 'new').length
  return (
    <>
      <p>{t('people.import.read', { count: rows.length, fresh })}</p>
      {left > 0 && (
        <>
          <p>{t('people.import.left', { count: left })}</p>
          <ul>
            {problems.slice(0, 10).map(({ line, text, reason }) => (
              <li key={line}>
                {line}: <Plain most={80}>{text}</Plain> ({t(`people.import.fault.${reason}`)})
              </li>
            ))}
          </ul>
        </>
      )}
      <form class="form" method="post" action={PATH}>
        <ul class="things list-rows">
          {rows.map(row => (
            <Row key={row.address} row={row} />
          ))}
        </ul>
        <p class="inline">
          {fresh > 0 && <button type="submit">{t('people.import.follow')}</button>}
          <a href={PATH}>{t('people.import.leave')}</a>
        </p>
      </form>
    </>
  )
}

function Row({ row: { address, state } }: { row: FollowPreview }) {
  const { t } = useWords()
  const fresh = state === 'new'
  return (
    <li>
      <label class="option">
        <input type="checkbox" name="who" value={address} checked={fresh} disabled={!fresh} />
        <span>
          <bdi>{address}</bdi> {!fresh && <span class="soft">{words(state)}</span>}
        </span>
      </label>
    </li>
  )

  function words(known: Exclude<FollowPreview['state'], 'new'>): string {
    return known === 'accepted' || known === 'pending' ? t(`people.state.${known}`) : t(`people.import.state.${known}`)
  }
}
