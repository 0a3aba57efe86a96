import type { ComponentChildren } from 'preact'
import type { Fault } from '../../domain/stranger.ts'
import type { Hindrance } from '../gate.ts'
import { useWords } from './use-words.ts'

/** A form as it is shown: what was typed, what is wrong with it, and what lets it be sent. */
export type Filled = {
  ticket: string
  fields: Readonly<Record<string, string>>
  faults: readonly Fault[]
  hindrance?: Hindrance | 'full' | undefined
}

const FAULTS: Record<`${Fault['field']}.${Fault['fault']}`, string> = {
  'name.missing': 'form.nameMissing',
  'name.long': 'form.nameLong',
  'name.unknown': 'form.nameLong',
  'wish.missing': 'form.wishMissing',
  'wish.long': 'form.wishMissing',
  'wish.unknown': 'form.wishMissing',
  'message.missing': 'form.messageMissing',
  'message.long': 'form.messageLong',
  'message.unknown': 'form.messageMissing',
  'contact.missing': 'form.contactUnknown',
  'contact.long': 'form.contactUnknown',
  'contact.unknown': 'form.contactUnknown',
}
const HINDRANCES: Record<Hindrance | 'full', string> = {
  trap: 'form.hinderedTrap',
  fast: 'form.hinderedFast',
  stale: 'form.hinderedStale',
  often: 'form.hinderedOften',
  full: 'form.hinderedFull',
}

/** Everything that kept the form from being taken, in one place that is read out first. */
export function Faults({ faults, hindrance }: Pick<Filled, 'faults' | 'hindrance'>) {
  const { t } = useWords()
  if (faults.length === 0 && !hindrance) return null
  return (
    <div class="notice faults" role="alert" id="faults">
      <p>
        <strong>{t('form.notSent')}</strong>
      </p>
      <ul>
        {hindrance && <li>{t(HINDRANCES[hindrance])}</li>}
        {faults.map(({ field, fault }) => (
          <li key={field}>
            <a href={`#${field}`}>{t(FAULTS[`${field}.${fault}`])}</a>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** A form anybody may send: with its ticket, a field only programs fill in, and the script that does the proof of work. */
export function StrangerForm({
  action,
  filled,
  worker,
  children,
}: {
  action: string
  filled: Filled
  worker: string
  children: ComponentChildren
}) {
  const { t } = useWords()
  return (
    <form class="form" method="post" action={action} data-proof={worker}>
      <input type="hidden" name="ticket" value={filled.ticket} />
      <input type="hidden" name="proof" value="" />
      <p class="snare" aria-hidden="true">
        <label for="website">{t('form.trap')}</label>
        <input id="website" name="website" type="text" tabIndex={-1} autocomplete="off" />
      </p>
      {children}
      <p class="soft" role="status" data-waiting hidden>
        {t('form.waiting')}
      </p>
    </form>
  )
}

type FieldProps = {
  name: Fault['field']
  label: string
  help?: string | undefined
  filled: Pick<Filled, 'fields' | 'faults'>
  required?: boolean
  most: number
  autocomplete?: string
  type?: 'text' | 'long'
}

/** A field with its label, help and fault, tied together for those who don't see them. */
export function Field({ name, label, help, filled, required = false, most, autocomplete, type = 'text' }: FieldProps) {
  const { t } = useWords()
  const fault = filled.faults.find(({ field }) => field === name)
  const described = [help && `${name}-help`, fault && `${name}-fault`].filter(Boolean).join(' ')
  const value = filled.fields[name] ?? ''
  const common = {
    id: name,
    name,
    required,
    maxLength: most,
    dir: 'auto' as const,
    ...(described ? { 'aria-describedby': described } : {}),
    ...(fault ? { 'aria-invalid': true as const } : {}),
    ...(autocomplete ? { autocomplete } : {}),
  }
  return (
    <div class="form-field">
      <label for={name}>
        {label} {!required && <span class="optional">{t('form.optional')}</span>}
      </label>
      {help && (
        <p class="soft" id={`${name}-help`}>
          {help}
        </p>
      )}
      {fault && (
        <p class="fault" id={`${name}-fault`}>
          {t(FAULTS[`${fault.field}.${fault.fault}`])}
        </p>
      )}
      {type === 'long' ? (
        <textarea {...common} rows={8}>
          {value}
        </textarea>
      ) : (
        <input type="text" {...common} value={value} />
      )}
    </div>
  )
}
