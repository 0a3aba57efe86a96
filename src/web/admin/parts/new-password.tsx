import { PASSWORD } from '../../../domain/steward.ts'
import { useWords } from '../../parts/use-words.ts'
import { type FieldFault, TextField } from './form.tsx'

/** A password that is chosen now, twice because it can't be read. */
export function NewPassword({ faults }: { faults: readonly FieldFault[] }) {
  const { t } = useWords()
  const common = { type: 'password', required: true, most: PASSWORD.longest, autocomplete: 'new-password', faults } as const
  return (
    <>
      <TextField
        name="password"
        label={t('signin.newPassword')}
        help={t('signin.newPasswordHelp', { shortest: PASSWORD.shortest })}
        {...common}
      />
      <TextField name="again" label={t('signin.again')} {...common} />
    </>
  )
}
