import type { PostDetails } from '../../../domain/post.ts'
import { isClosed } from '../../../domain/post-kind.ts'
import { useWords } from '../../parts/use-words.ts'
import { CLOSES, type PostForm } from '../posts-form.ts'
import { type FieldFault, TextField, TickField } from './form.tsx'

type Given = { fields: PostForm['fields']; faults: readonly FieldFault[] }

// From Baker Island to the Line Islands, with the half hours there are.
const ZONES = [
  -12, -11, -10, -9.5, -9, -8, -7, -6, -5, -4, -3.5, -3, -2.5, -2, -1, 0, 1, 2, 3, 3.5, 4, 4.5, 5, 5.5, 5.75, 6, 6.5, 7, 8, 8.75, 9, 9.5,
  10, 10.5, 11, 12, 12.75, 13, 13.75, 14,
]

function zoneOf(hours: number): string {
  const whole = Math.floor(Math.abs(hours))
  const minutes = Math.round((Math.abs(hours) - whole) * 60)
  return `${hours < 0 ? '-' : '+'}${String(whole).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`
}

/** When and where an event is. The browser has no field for a time with its zone, so the zone is chosen beside it. */
export function EventFields({ fields, faults }: Given) {
  const { t } = useWords()
  const { zone: chosen = '+00:00' } = fields
  // What was announced elsewhere may have an offset of its own.
  const zones = new Set([...ZONES.map(zoneOf), chosen])
  const time = (name: 'starts' | 'ends') => {
    const fault = faults.find(({ field }) => field === name)
    return (
      <div class="form-field">
        <label for={name}>{t(`adminposts.${name}`)}</label>
        {fault && (
          <p class="fault" id={`${name}-fault`}>
            {fault.text}
          </p>
        )}
        <input
          type="datetime-local"
          id={name}
          name={name}
          value={fields[name] ?? ''}
          required
          {...(fault ? { 'aria-invalid': true, 'aria-describedby': `${name}-fault` } : {})}
        />
      </div>
    )
  }
  return (
    <>
      {time('starts')}
      {time('ends')}
      <div class="form-field">
        <label for="zone">{t('adminposts.zone')}</label>
        <select id="zone" name="zone" data-zone={fields.zone === undefined ? 'unset' : undefined}>
          {[...zones].map(zone => (
            <option key={zone} value={zone} selected={zone === chosen}>
              UTC{zone === '+00:00' ? '' : zone}
            </option>
          ))}
        </select>
      </div>
      <TextField name="place" label={t('adminposts.place')} value={fields.place} faults={faults} most={200} required />
    </>
  )
}

/** What can be chosen, and for how long. @param asked how the question stands that is changed, where one is */
export function QuestionFields({ fields, faults, asked, now }: Given & { asked: PostDetails | null | undefined; now: Date }) {
  const { t } = useWords()
  if (asked && isClosed(asked, now))
    return (
      <p class="soft" id="closed">
        {t('adminposts.closedStays')}
      </p>
    )
  return (
    <>
      <TextField
        name="options"
        type="long"
        rows={5}
        label={t('adminposts.options')}
        help={`${t('adminposts.optionsHelp')} ${asked ? t('adminposts.votesGo', { count: asked.voters ?? 0 }) : ''}`}
        value={fields.options}
        faults={faults}
      />
      <TickField name="multiple" label={t('adminposts.multiple')} checked={fields.multiple === 'yes'} />
      <div class="form-field">
        <label for="closes">{t('adminposts.closes')}</label>
        <select id="closes" name="closes">
          {asked && <option value="">{t('adminposts.closesStays')}</option>}
          {CLOSES.map(span => (
            <option key={span} value={span} selected={span === (fields.closes ?? '3d')}>
              {t(span.endsWith('h') ? 'adminposts.hours' : 'adminposts.days', { count: Number.parseInt(span, 10) })}
            </option>
          ))}
        </select>
      </div>
    </>
  )
}
