import { useWords } from '../../parts/use-words.ts'
import { TextField } from './form.tsx'

type Props = { action: string; fileHelp: string; pasteHelp: string; press: string }

/** A list from elsewhere: as a file, or pasted. */
export function ListForm({ action, fileHelp, pasteHelp, press }: Props) {
  const { t } = useWords()
  return (
    <form class="form" method="post" action={action} enctype="multipart/form-data">
      <div class="form-field">
        <label for="file">{t('moderation.file')}</label>
        <p class="soft" id="file-help">
          {fileHelp}
        </p>
        <input id="file" name="file" type="file" accept=".csv,.txt,text/csv,text/plain" aria-describedby="file-help" />
      </div>
      <TextField name="text" type="long" rows={4} label={t('moderation.paste')} help={pasteHelp} />
      <p>
        <button type="submit">{press}</button>
      </p>
    </form>
  )
}
