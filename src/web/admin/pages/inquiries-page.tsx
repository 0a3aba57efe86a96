import type { Inquiry } from '../../../domain/inquiry.ts'
import type { Words } from '../../messages.ts'
import { useWords } from '../../parts/use-words.ts'
import { Day, Plain } from '../../parts/words.tsx'
import type { AdminPage } from '../layout.tsx'

export type Asker = { name: string | null; contact: string | null; url: string | undefined }
type Props = {
  rows: readonly (Inquiry & { messages: number; who: Asker })[]
  settled: boolean
  taken: boolean
  decided: 'yes' | 'no' | undefined
}

export function inquiriesPage(props: Props, { t }: Words): AdminPage {
  const path = props.settled ? '/admin/inquiries?settled' : '/admin/inquiries'
  return { title: t('admininquiries.title'), path, area: 'inquiries', body: <Inquiries {...props} /> }
}

/** The two kinds of what strangers send, each with a page. */
export function InquiryTabs({ current }: { current: 'open' | 'settled' | 'pledges' }) {
  const { t } = useWords()
  const tabs = { open: '/admin/inquiries', settled: '/admin/inquiries?settled', pledges: '/admin/pledges' } as const
  return (
    <nav class="tabs" aria-label={t('admininquiries.tabs')}>
      <ul>
        {Object.entries(tabs).map(([name, path]) => (
          <li key={name}>
            <a href={path} aria-current={name === current ? 'page' : undefined}>
              {t(`admininquiries.tab.${name}`)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

function Inquiries({ rows, settled, taken, decided }: Props) {
  const { t } = useWords()
  return (
    <>
      <InquiryTabs current={settled ? 'settled' : 'open'} />
      {rows.length === 0 && <p class="soft">{t(settled ? 'admininquiries.noneSettled' : 'admininquiries.noneOpen')}</p>}
      <ul class="things">
        {rows.map(row => (
          <Row key={row.id} row={row} />
        ))}
      </ul>
      {!settled && (
        <section aria-labelledby="allow">
          <h2 id="allow">{t('admininquiries.allow')}</h2>
          <p>
            {t(taken ? 'admininquiries.taken' : 'admininquiries.notTaken')} {!decided && t('admininquiries.byCharter')}
          </p>
          <form method="post" action="/admin/inquiries/allow">
            <button type="submit" class="quiet" name="allow" value={taken ? 'no' : 'yes'}>
              {t(taken ? 'admininquiries.allowNo' : 'admininquiries.allowYes')}
            </button>
          </form>
        </section>
      )}
    </>
  )
}

function Row({ row: { id, state, held, wish, who, changedAt, messages } }: { row: Props['rows'][number] }) {
  const { t, rich } = useWords()
  return (
    <li>
      <p class="inline">
        <a href={`/admin/inquiries/${id}`}>
          <strong>
            <Plain most={100}>{who.name ?? who.contact ?? t('admininquiries.number', { id })}</Plain>
          </strong>
        </a>
        <span class="status">{t(`admininquiries.state.${state}`)}</span>
        {held && <span class="status">{t('admininquiries.held')}</span>}
      </p>
      <p class="soft">
        {t(`admininquiries.wish.${wish}`)}
        {' · '}
        {rich('admininquiries.lastWord', { day: <Day date={changedAt} />, count: messages })}
      </p>
    </li>
  )
}
