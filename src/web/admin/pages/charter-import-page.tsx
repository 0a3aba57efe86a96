import type { Problem } from '../../../domain/refusal.ts'
import type { Words } from '../../messages.ts'
import { useWords } from '../../parts/use-words.ts'
import type { AdminPage } from '../layout.tsx'

export type ImportProps = { text?: string; fault?: string; problems?: readonly Problem[] }

/** Where a charter file is read into the draft. */
export function charterImportPage(props: ImportProps, { t }: Words): AdminPage {
  return {
    title: t('charterform.import'),
    path: '/admin/charter/import',
    area: 'charter',
    wrong: props.fault !== undefined,
    scripts: ['charter-file.js'],
    body: <Import {...props} />,
  }
}

function Import({ text = '', fault, problems = [] }: ImportProps) {
  const { t } = useWords()
  return (
    <form class="form" method="post" action="/admin/charter/import">
      {fault && (
        <div class="notice faults" role="alert">
          <p>
            <a href="#text">{fault}</a>
          </p>
          {problems.length > 0 && (
            <ul lang="en" dir="ltr">
              {problems.map(({ path, message }) => (
                <li key={path}>
                  {path}: {message}
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
      <p>{t('charterform.importHelp')}</p>
      <div class="form-field" data-file hidden>
        <label for="file">{t('charterform.importFile')}</label>
        <input id="file" type="file" accept=".yaml,.yml,.json,application/json" />
      </div>
      <div class="form-field">
        <label for="text">{t('charterform.importText')}</label>
        <p class="soft" id="text.help">
          {t('charterform.importTextHelp')}
        </p>
        <textarea
          id="text"
          name="text"
          rows={16}
          dir="ltr"
          class="code"
          aria-describedby="text.help"
          aria-invalid={fault ? true : undefined}
        >
          {text}
        </textarea>
      </div>
      <p class="buttons">
        <button type="submit">{t('charterform.importPut')}</button>
        <a href="/admin/charter">{t('charterform.overview')}</a>
      </p>
    </form>
  )
}
