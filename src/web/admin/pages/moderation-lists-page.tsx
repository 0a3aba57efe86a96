import type { allBlocklists } from '../../../db/blocklist.ts'
import type { Words } from '../../messages.ts'
import { useWords } from '../../parts/use-words.ts'
import { Day, Plain } from '../../parts/words.tsx'
import type { AdminPage } from '../layout.tsx'
import { FormFaults, TextField } from '../parts/form.tsx'

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
      <form class="form" method="post" action="/admin/moderation/lists/import" enctype="multipart/form-data">
        <div class="form-field">
          <label for="file">{t('moderation.file')}</label>
          <p class="soft" id="file-help">
            {t('moderation.fileHelp')}
          </p>
          <input id="file" name="file" type="file" accept=".csv,.txt,text/csv,text/plain" aria-describedby="file-help" />
        </div>
        <TextField name="text" type="long" rows={4} label={t('moderation.paste')} help={t('moderation.pasteHelp')} />
        <p>
          <button type="submit">{t('moderation.read')}</button>
        </p>
      </form>
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
