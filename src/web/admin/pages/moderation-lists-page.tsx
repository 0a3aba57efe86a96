import type { allBlocklists } from '../../../db/blocklist.ts'
import type { Words } from '../../messages.ts'
import { useWords } from '../../parts/use-words.ts'
import { Day, Plain } from '../../parts/words.tsx'
import type { AdminPage } from '../layout.tsx'
import { FormFaults } from '../parts/form.tsx'
import { ListForm } from '../parts/list-form.tsx'

type Props = { lists: ReturnType<typeof allBlocklists>; fault: string | undefined }

export function moderationListsPage(props: Props, { t }: Words): AdminPage {
  return {
    title: t('moderation.lists'),
    path: '/admin/moderation/lists',
    area: 'moderation',
    wrong: props.fault !== undefined,
    body: <Lists {...props} />,
  }
}

function Lists({ lists, fault }: Props) {
  const { t } = useWords()
  return (
    <>
      <p>{t('moderation.listsLede')}</p>
      <FormFaults faults={fault ? [{ field: 'file', text: fault }] : []} />
      <ListForm
        action="/admin/moderation/lists/import"
        fileHelp={t('moderation.fileHelp')}
        pasteHelp={t('moderation.pasteHelp')}
        press={t('moderation.read')}
      />
      {lists.length > 0 && (
        <section>
          <h2>{t('moderation.listsRead')}</h2>
          <ul class="things">
            {lists.map(list => (
              <li key={list.id}>
                <p>
                  <a href={`/admin/moderation/lists/${list.id}`}>
                    <Plain>{list.name}</Plain>
                  </a>
                </p>
                <p class="soft">
                  <Day date={list.at} /> · {t('moderation.listState', { rows: list.rows, applied: list.applied })}
                </p>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}
