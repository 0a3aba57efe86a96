import { type Raw, type RawValue, rawGroup, rawList } from '../../../domain/charter-draft.ts'
import type { CharterFault } from '../../../domain/charter-fault.ts'
import type { FormField } from '../../../domain/charter-form.ts'
import { labelIn } from '../../parts/label.ts'
import { useWords } from '../../parts/use-words.ts'
import { faultWords, helpOfField, titleOfField } from '../charter-words.ts'

export type Filled = { raw: Raw; faults: readonly CharterFault[] }
type Props<Field> = { field: Field; name: string; value: RawValue | undefined; faults: readonly CharterFault[] }
type Of<Kind> = Extract<FormField, { kind: Kind }>

/** Fields of the charter, each with its title, help and fault, as its schema says. */
export function CharterInputs({ fields, parent = '', filled }: { fields: readonly FormField[]; parent?: string; filled: Filled }) {
  return (
    <>
      {fields.map(field => {
        const name = parent ? `${parent}.${field.key}` : field.key
        return <CharterInput key={name} field={field} name={name} value={filled.raw[field.key]} faults={filled.faults} />
      })}
    </>
  )
}

export function CharterInput({ field, ...rest }: Props<FormField>) {
  if (field.kind === 'group') return <Group field={field} {...rest} />
  if (field.kind === 'list') return <Items field={field} {...rest} />
  if (field.kind === 'choices') return <Boxes field={field} {...rest} />
  if (field.id === 'place.precision') return <Precision field={field} {...rest} />
  return <One field={field} {...rest} />
}

function Label({ field, of }: { field: FormField; of?: string }) {
  const words = useWords()
  const title = (
    <>
      {titleOfField(words, field)} {field.required && <span class="optional">{words.t('charterform.needed')}</span>}
    </>
  )
  return of ? <label for={of}>{title}</label> : <legend>{title}</legend>
}

function About({ field, name, fault }: { field: FormField; name: string; fault: CharterFault | undefined }) {
  const words = useWords()
  return (
    <>
      <p class="soft" id={`${name}.help`}>
        {helpOfField(words, field)}
      </p>
      {fault && (
        <p class="fault" id={`${name}.fault`}>
          {faultWords(words, fault)}
        </p>
      )}
    </>
  )
}

const faultAt = (faults: readonly CharterFault[], name: string) => faults.find(fault => fault.name === name)

function tied(name: string, fault: CharterFault | undefined) {
  return {
    'aria-describedby': fault ? `${name}.help ${name}.fault` : `${name}.help`,
    ...(fault ? { 'aria-invalid': true as const } : {}),
  }
}

function One({ field, name, value, faults }: Props<FormField>) {
  const fault = faultAt(faults, name)
  const text = typeof value === 'string' ? value : ''
  const common = { id: name, name, ...tied(name, fault) }
  return (
    <div class="form-field">
      <Label field={field} of={name} />
      <About field={field} name={name} fault={fault} />
      {field.kind === 'choice' ? (
        <Choice field={field} value={text} common={common} />
      ) : field.kind === 'prose' || (field.kind === 'line' && field.most >= 500 && field.sort === 'words') ? (
        <textarea {...common} dir="auto" rows={field.kind === 'prose' ? 8 : 4}>
          {text}
        </textarea>
      ) : (
        <Line field={field} value={text} common={common} />
      )}
    </div>
  )
}

function Line({ field, value, common }: { field: FormField; value: string; common: Common }) {
  if (field.kind === 'number')
    return <input {...common} type="text" inputMode={field.whole ? 'numeric' : 'decimal'} dir="ltr" class="short" value={value} />
  // A moment with its time would be shown as empty.
  if (field.kind === 'day')
    return value === '' || /^\d{4}-\d{2}-\d{2}$/.test(value) ? (
      <input {...common} type="date" class="short" value={value} />
    ) : (
      <input {...common} type="text" dir="ltr" class="short" value={value} />
    )
  if (field.kind !== 'line' || field.sort === 'words') return <input {...common} type="text" dir="auto" value={value} />
  return <input {...common} type="text" dir="ltr" class={field.sort === 'link' ? undefined : 'short'} value={value} />
}

type Common = { id: string; name: string }

function Choice({ field, value, common }: { field: Of<'choice'>; value: string; common: Common }) {
  const words = useWords()
  const label = labelIn(words)
  const options = field.words.map(word => ({ word, text: label(field.key, word) }))
  if (field.key === 'country') options.sort((one, other) => one.text.localeCompare(other.text, words.locale))
  const strange = value !== '' && !field.words.includes(value)
  return (
    <select {...common}>
      {field.fallback === undefined && <option value="">{words.t(field.required ? 'charterform.choose' : 'charterform.notSaid')}</option>}
      {strange && (
        <option value={value} selected>
          {value}
        </option>
      )}
      {options.map(({ word, text }) => (
        <option key={word} value={word} selected={word === (value || field.fallback)}>
          {text}
        </option>
      ))}
    </select>
  )
}

function Boxes({ field, name, value, faults }: Props<Of<'choices'>>) {
  const label = labelIn(useWords())
  const fault = faultAt(faults, name)
  const ticked = Array.isArray(value) ? value.filter(word => typeof word === 'string') : []
  const words = [...field.words, ...ticked.filter(word => !field.words.includes(word))]
  return (
    <fieldset class="form-field" id={name} tabIndex={-1} {...tied(name, fault)}>
      <Label field={field} />
      <About field={field} name={name} fault={fault} />
      <input type="hidden" name={name} value="" />
      <div class="boxes">
        {words.map(word => (
          <label key={word} class="option">
            <input type="checkbox" name={name} value={word} checked={ticked.includes(word)} />
            <span>{label(field.key, word)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}

/** How exactly the place is shown: what each choice shows is said beside it. */
function Precision({ field, name, value, faults }: Props<FormField>) {
  const words = useWords()
  const label = labelIn(words)
  const fault = faultAt(faults, name)
  if (field.kind !== 'choice') return null
  const chosen = typeof value === 'string' && value !== '' ? value : field.fallback
  return (
    <fieldset class="form-field" id={name} tabIndex={-1} {...tied(name, fault)}>
      <Label field={field} />
      <About field={field} name={name} fault={fault} />
      {field.words.map(word => (
        <label key={word} class="option">
          <input type="radio" name={name} value={word} checked={word === chosen} />
          <span>
            {label('precision', word)} <span class="soft">{words.t(`charterform.precision.${word}`)}</span>
          </span>
        </label>
      ))}
    </fieldset>
  )
}

function Group({ field, name, value, faults }: Props<Of<'group'>>) {
  const raw = rawGroup(value)
  const inner = <CharterInputs fields={field.fields} parent={name} filled={{ raw, faults }} />
  // The place has a page of its own, whose heading says so.
  if (field.id === 'place') return inner
  return (
    <fieldset class="form-field group" id={name} tabIndex={-1} {...tied(name, faultAt(faults, name))}>
      <Label field={field} />
      <About field={field} name={name} fault={faultAt(faults, name)} />
      <div class="side-by-side">{inner}</div>
    </fieldset>
  )
}

function Items({ field, name, value, faults }: Props<Of<'list'>>) {
  const words = useWords()
  const { t, number } = words
  const items = rawList(value)
  const title = titleOfField(words, field)
  const button = (step: string, at: number, text: string) => (
    <button type="submit" class="quietly" name="do" value={`${step}:${name}:${at}`} aria-label={`${text}: ${title} ${number(at + 1)}`}>
      {text}
    </button>
  )
  return (
    <fieldset class="form-field items" id={name} tabIndex={-1} {...tied(name, faultAt(faults, name))}>
      <legend>
        <h2>{title}</h2>
      </legend>
      <About field={field} name={name} fault={faultAt(faults, name)} />
      <input type="hidden" name={`${name}.count`} value={items.length} />
      {items.map((item, at) => (
        <fieldset key={at} class="item" id={`${name}.${at}`} tabIndex={-1}>
          <legend>
            {title} {number(at + 1)}
          </legend>
          <CharterInputs fields={field.fields} parent={`${name}.${at}`} filled={{ raw: item, faults }} />
          <p class="buttons">
            {at > 0 && button('up', at, t('charterform.up'))}
            {at < items.length - 1 && button('down', at, t('charterform.down'))}
            {button('remove', at, t('charterform.remove'))}
          </p>
        </fieldset>
      ))}
      {items.length < field.most && (
        <p>
          <button type="submit" class="quietly" name="do" value={`add:${name}`}>
            {t('charterform.add', { what: title })}
          </button>
        </p>
      )}
    </fieldset>
  )
}
