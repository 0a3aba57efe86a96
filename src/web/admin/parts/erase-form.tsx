import { useWords } from '../../parts/use-words.ts'
import { type FieldFault, TextField } from './form.tsx'

type Props = {
  path: string
  /** Whom it is about: what has to be typed. */
  name: string
  /** Of the field. */
  field: string
  help: string
  typed: string | undefined
  faults: readonly FieldFault[]
}

/** What can't be undone is done only by who types the name of whom it is about. */
export function EraseForm({ path, name, field, help, typed, faults }: Props) {
  const { t, rich } = useWords()
  return (
    <form class="form" method="post" action={path}>
      <p>{help}</p>
      <TextField
        name={field}
        label={rich('admininquiries.typeName', { name: <strong dir="auto">{name}</strong> })}
        value={typed}
        faults={faults}
        autocomplete="off"
        required
      />
      <p>
        <button type="submit" class="danger">
          {t('admininquiries.erase')}
        </button>
      </p>
    </form>
  )
}
