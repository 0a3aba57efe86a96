import type { ComponentChildren, JSX } from 'preact'
import { useWords } from '../../parts/use-words.ts'

/** What is wrong with a field, in the reader's language. A fault of the whole form has no field. */
export type FieldFault = { field?: string; text: string }

/** Everything that kept a form from being taken, read out first, each leading to its field. */
export function FormFaults({ faults, said }: { faults: readonly FieldFault[]; said?: string }) {
  const { t } = useWords()
  if (faults.length === 0) return null
  return (
    <div class="notice faults" role="alert" id="faults">
      <p>
        <strong>{said ?? t('admin.notDone')}</strong>
      </p>
      <ul>
        {faults.map(({ field, text }) => (
          <li key={`${field} ${text}`}>{field ? <a href={`#${field}`}>{text}</a> : text}</li>
        ))}
      </ul>
    </div>
  )
}

type FieldProps = {
  name: string
  label: ComponentChildren
  help?: ComponentChildren
  value?: string | undefined
  faults?: readonly FieldFault[]
  /** Of the input; `long` is a text of several lines. */
  type?: 'text' | 'password' | 'email' | 'url' | 'search' | 'number' | 'date' | 'long'
  required?: boolean
  most?: number
  rows?: number
  autocomplete?: string
  /** What else the control bears, such as `inputMode` or `autofocus`. */
  more?: { inputMode?: 'numeric' | 'decimal'; autofocus?: boolean; placeholder?: string; spellcheck?: boolean; pattern?: string }
}

/** A field with its label, help and fault, tied together for those who don't see them. */
export function TextField({
  name,
  label,
  help,
  value = '',
  faults = [],
  type = 'text',
  required = false,
  most,
  rows = 6,
  autocomplete,
  more,
}: FieldProps) {
  const common = {
    id: name,
    name,
    required,
    ...(type === 'text' || type === 'long' ? { dir: 'auto' as const } : {}),
    ...(most === undefined ? {} : { maxLength: most }),
    ...(autocomplete ? { autocomplete } : {}),
    ...tied(name, help, faults),
    ...more,
  }
  return (
    <div class="form-field">
      <label for={name}>{label}</label>
      <HelpAndFault name={name} help={help} faults={faults} />
      {type === 'long' ? (
        <textarea {...common} rows={rows}>
          {value}
        </textarea>
      ) : (
        <Input type={type} {...common} value={value} />
      )}
    </div>
  )
}

type Option = { value: string; label: ComponentChildren; help?: ComponentChildren }

/** One of several, each with its words beside it. */
export function ChoiceField({
  name,
  label,
  help,
  value,
  options,
  faults = [],
}: {
  name: string
  label: ComponentChildren
  help?: ComponentChildren
  value?: string | undefined
  options: readonly Option[]
  faults?: readonly FieldFault[]
}) {
  return (
    <fieldset class="form-field" id={name} tabIndex={-1} {...tied(name, help, faults)}>
      <legend>{label}</legend>
      <HelpAndFault name={name} help={help} faults={faults} />
      {options.map(option => (
        <label class="option" key={option.value}>
          <input type="radio" name={name} value={option.value} checked={option.value === value} />
          <span>
            {option.label}
            {option.help && <span class="soft"> {option.help}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  )
}

/** Yes or no. */
export function TickField({
  name,
  label,
  help,
  checked = false,
  value = 'yes',
}: {
  name: string
  label: ComponentChildren
  help?: ComponentChildren
  checked?: boolean
  value?: string
}) {
  return (
    <div class="form-field">
      <label class="option">
        <input type="checkbox" id={name} name={name} value={value} checked={checked} {...tied(name, help, [])} />
        <span>{label}</span>
      </label>
      <HelpAndFault name={name} help={help} faults={[]} />
    </div>
  )
}

// The types of preact tie each kind of input to what else it may bear; here the kind is not known yet.
const Input = 'input' as unknown as (attributes: Record<string, unknown>) => JSX.Element

function HelpAndFault({ name, help, faults }: { name: string; help: ComponentChildren; faults: readonly FieldFault[] }) {
  const fault = faults.find(({ field }) => field === name)
  return (
    <>
      {help && (
        <p class="soft" id={`${name}-help`}>
          {help}
        </p>
      )}
      {fault && (
        <p class="fault" id={`${name}-fault`}>
          {fault.text}
        </p>
      )}
    </>
  )
}

function tied(name: string, help: ComponentChildren, faults: readonly FieldFault[]) {
  const fault = faults.some(({ field }) => field === name)
  const described = [help && `${name}-help`, fault && `${name}-fault`].filter(Boolean).join(' ')
  return { ...(described ? { 'aria-describedby': described } : {}), ...(fault ? { 'aria-invalid': true as const } : {}) }
}
