import type { AuditFilter } from '../../../db/audit.ts'
import type { LoggedEvent } from '../../../db/event.ts'
import { shortened } from '../../../lib/text.ts'
import type { Words } from '../../messages.ts'
import { useWords } from '../../parts/use-words.ts'
import type { AdminPage } from '../layout.tsx'
import { Moment } from '../parts/moment.tsx'

type Shown = LoggedEvent & { who: string | undefined }
type Props = {
  events: readonly Shown[]
  more: boolean
  filter: AuditFilter
  kinds: readonly string[]
  names: ReadonlyMap<number, string>
}

/** What was done on this node, the newest first. */
export function auditPage(props: Props, { t }: Words): AdminPage {
  return { title: t('admin.area.audit'), path: '/admin/audit', area: 'audit', body: <Audit {...props} /> }
}

/** What happened, in words; of a kind there are no words for yet, its name. */
export function eventInWords({ t, has }: Words, { kind, subject, data }: Pick<LoggedEvent, 'kind' | 'subject' | 'data'>): string {
  const id = messageOf(kind)
  const what = shortened(subject, 120)
  if (!has(id)) return `${kind} ${what}`
  const role = data?.to ?? data?.role
  return t(id, { what, role: role ? t(`admin.role.${role}`) : '' })
}

const messageOf = (kind: string) => `audit.did.${kind.replaceAll('.', '_')}`

function Audit({ events, more, filter, kinds, names }: Props) {
  const words = useWords()
  const { t } = words
  const last = events.at(-1)
  return (
    <>
      <p>{t('audit.help')}</p>
      <form class="form filter" method="get" action="/admin/audit">
        <div class="form-field">
          <label for="kind">{t('audit.kind')}</label>
          <select id="kind" name="kind">
            <option value="">{t('audit.everything')}</option>
            {kinds.map(kind => (
              <option key={kind} value={kind} selected={kind === filter.kind}>
                {eventInWords(words, { kind: kind as LoggedEvent['kind'], subject: '…' })}
              </option>
            ))}
          </select>
        </div>
        <div class="form-field">
          <label for="steward">{t('audit.who')}</label>
          <select id="steward" name="steward">
            <option value="">{t('audit.anybody')}</option>
            {[...names].map(([id, name]) => (
              <option key={id} value={String(id)} selected={id === filter.steward}>
                {name}
              </option>
            ))}
          </select>
        </div>
        <p>
          <button type="submit">{t('audit.filter')}</button>
        </p>
      </form>
      {events.length === 0 ? (
        <p>{t('audit.nothing')}</p>
      ) : (
        <ol class="things log" reversed>
          {events.map(event => (
            <li key={event.id}>
              <p>{eventInWords(words, event)}</p>
              <p class="soft">
                <Moment date={event.at} /> · {event.who ? <bdi>{event.who}</bdi> : t('audit.nobody')}
              </p>
            </li>
          ))}
        </ol>
      )}
      {(more || filter.before !== undefined) && (
        <p class="pages">
          {filter.before !== undefined && <a href={addressOf(filter, undefined)}>{t('audit.newest')}</a>}
          {more && last && <a href={addressOf(filter, last.id)}>{t('audit.older')}</a>}
        </p>
      )}
    </>
  )
}

function addressOf({ kind, steward }: AuditFilter, before: number | undefined): string {
  const query = new URLSearchParams(
    Object.entries({ kind, steward, before }).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  )
  return query.size > 0 ? `/admin/audit?${query}` : '/admin/audit'
}
