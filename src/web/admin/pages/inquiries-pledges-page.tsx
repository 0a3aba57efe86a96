import type { Pledge } from '../../../domain/pledge.ts'
import type { Words } from '../../messages.ts'
import { useWords } from '../../parts/use-words.ts'
import { Day, Plain } from '../../parts/words.tsx'
import type { AdminPage } from '../layout.tsx'
import { EraseForm } from '../parts/erase-form.tsx'
import { type FieldFault, FormFaults, TextField } from '../parts/form.tsx'
import { InquiryTabs } from './inquiries-page.tsx'

export type PledgeTyped = { need?: string; erase?: { id: number; text: string }; faults?: readonly FieldFault[] }
type Count = { need: number; counted: number; reachedAt: Date | undefined; shown: boolean }
type Props = { pledges: readonly Pledge[]; count: Count; typed: PledgeTyped }

export function pledgesAdminPage(props: Props, { t }: Words): AdminPage {
  const wrong = Boolean(props.typed.faults?.length)
  return { title: t('admininquiries.tab.pledges'), path: '/admin/pledges', area: 'inquiries', wrong, body: <Pledges {...props} /> }
}

function Pledges({ pledges, count: { need, counted, reachedAt, shown }, typed }: Props) {
  const { t, rich } = useWords()
  const { faults = [] } = typed
  return (
    <>
      <InquiryTabs current="pledges" />
      <FormFaults faults={faults} />
      <p>
        {need === 0 ? t('admininquiries.nobodyAsked') : t('admininquiries.counted', { counted, need })}{' '}
        {reachedAt && rich('admininquiries.reached', { day: <Day date={reachedAt} /> })}
      </p>
      {need > 0 && !shown && <p class="notice">{t('admininquiries.notForming')}</p>}
      <form class="form" method="post" action="/admin/pledges/need">
        <TextField
          name="need"
          label={t('admininquiries.need')}
          help={t('admininquiries.needHelp')}
          value={typed.need ?? String(need)}
          faults={faults}
          more={{ inputMode: 'numeric' }}
        />
        <p>
          <button type="submit" class="quietly">
            {t('admininquiries.saveNeed')}
          </button>
        </p>
      </form>
      <section aria-labelledby="who">
        <h2 id="who">{t('admininquiries.who')}</h2>
        {pledges.length === 0 && <p class="soft">{t('admininquiries.noPledges')}</p>}
        <ol class="things">
          {pledges.map(pledge => (
            <OnePledge key={pledge.id} pledge={pledge} typed={typed} />
          ))}
        </ol>
      </section>
    </>
  )
}

function OnePledge({ pledge: { id, name, contact, held, at }, typed }: { pledge: Pledge; typed: PledgeTyped }) {
  const { t } = useWords()
  const called = name ?? contact ?? String(id)
  const path = `/admin/pledges/${id}`
  return (
    <li>
      <p class="inline">
        <strong>
          <Plain most={100}>{name ?? t('admininquiries.nameless')}</Plain>
        </strong>
        {contact && <Plain most={200}>{contact}</Plain>}
        <Day date={at} />
        {held && <span class="status">{t('admininquiries.held')}</span>}
      </p>
      {held && (
        <form method="post" action={`${path}/accept`}>
          <p class="soft">{t('admininquiries.pledgeHeld')}</p>
          <button type="submit" class="quiet">
            {t('admininquiries.count')}
          </button>
        </form>
      )}
      <details open={typed.erase?.id === id}>
        <summary>{t('admininquiries.erase')}</summary>
        <EraseForm
          path={`${path}/erase`}
          name={called}
          field={`erase-${id}`}
          help={t('admininquiries.erasePledgeHelp')}
          typed={typed.erase?.id === id ? typed.erase.text : ''}
          faults={typed.faults ?? []}
        />
      </details>
    </li>
  )
}
