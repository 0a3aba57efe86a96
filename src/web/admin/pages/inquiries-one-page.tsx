import type { messagesOf } from '../../../db/inquiry.ts'
import { INQUIRY_LIMITS, type Inquiry, isSettled, STEWARD_STATES } from '../../../domain/inquiry.ts'
import { lines, STRANGER_LIMITS } from '../../../domain/stranger.ts'
import type { Words } from '../../messages.ts'
import { Prose } from '../../parts/prose.tsx'
import { useWords } from '../../parts/use-words.ts'
import { Name, Plain, WebLink } from '../../parts/words.tsx'
import type { AdminPage } from '../layout.tsx'
import { EraseForm } from '../parts/erase-form.tsx'
import { type FieldFault, FormFaults, TextField } from '../parts/form.tsx'
import { Moment } from '../parts/moment.tsx'
import { type Asker, InquiryTabs } from './inquiries-page.tsx'

/** What was typed and could not be taken. */
export type Typed = { answer?: string; note?: string; erase?: string; faults?: readonly FieldFault[] }
type Message = ReturnType<typeof messagesOf>[number]
type Props = { inquiry: Inquiry; who: Asker; messages: readonly Message[]; typed: Typed }

export function inquiryAdminPage(props: Props, { t }: Words): AdminPage {
  const { inquiry, who, typed } = props
  return {
    title: who.name ?? who.contact ?? t('admininquiries.number', { id: inquiry.id }),
    path: `/admin/inquiries/${inquiry.id}`,
    area: 'inquiries',
    wrong: Boolean(typed.faults?.length),
    body: <Conversation {...props} />,
  }
}

function Conversation({ inquiry, who, messages, typed }: Props) {
  const { t } = useWords()
  const path = `/admin/inquiries/${inquiry.id}`
  const { faults = [] } = typed
  return (
    <>
      <InquiryTabs current={isSettled(inquiry.state) ? 'settled' : 'open'} />
      <FormFaults faults={faults} />
      <Facts inquiry={inquiry} who={who} />
      <ol class="said">
        {messages.map((message, at) => (
          <Said key={message.id} message={message} who={who} latest={at === messages.length - 1} />
        ))}
      </ol>
      {inquiry.state !== 'withdrawn' && (
        <form class="form" method="post" action={`${path}/answer`}>
          <TextField
            name="answer"
            type="long"
            label={t('admininquiries.answer')}
            help={t(inquiry.actor ? 'admininquiries.answerByPost' : 'admininquiries.answerOnPage')}
            value={typed.answer}
            faults={faults}
            most={STRANGER_LIMITS.message}
          />
          <p>
            <button type="submit">{t('admininquiries.send')}</button>
          </p>
        </form>
      )}
      <section aria-labelledby="state-title">
        <h2 id="state-title">{t('admininquiries.where')}</h2>
        {inquiry.state === 'withdrawn' ? <p>{t('admininquiries.isWithdrawn')}</p> : <State inquiry={inquiry} path={path} />}
      </section>
      <section aria-labelledby="note-title">
        <h2 id="note-title">{t('admininquiries.noteTitle')}</h2>
        <form class="form" method="post" action={`${path}/note`}>
          <TextField
            name="note"
            type="long"
            rows={3}
            label={t('admininquiries.note')}
            help={t('admininquiries.noteHelp')}
            value={typed.note}
            faults={faults}
            most={STRANGER_LIMITS.message}
          />
          <p>
            <button type="submit" class="quietly">
              {t('admininquiries.keepNote')}
            </button>
          </p>
        </form>
      </section>
      <Erase {...{ inquiry, who, typed, path }} />
    </>
  )
}

function Facts({ inquiry: { wish, state, held, at, language }, who: { contact, url } }: Pick<Props, 'inquiry' | 'who'>) {
  const { t, nameOf } = useWords()
  return (
    <>
      <p class="inline">
        <span class="status">{t(`admininquiries.state.${state}`)}</span>
        <span>{t(`admininquiries.wish.${wish}`)}</span>
        <Moment date={at} />
        {language && <span>{nameOf('language', language) ?? language}</span>}
      </p>
      {contact && (
        <p>
          {t('admininquiries.contact')}: {url ? <WebLink href={url}>{contact}</WebLink> : <Plain>{contact}</Plain>}
        </p>
      )}
      {held && <p class="notice">{t('admininquiries.isHeld')}</p>}
    </>
  )
}

function Said({ message: { voice, text, html, at }, who, latest }: { message: Message; who: Asker; latest: boolean }) {
  const { t } = useWords()
  const from = voice === 'seeker' ? (who.name ?? who.contact ?? t('admininquiries.seeker')) : t(`admininquiries.voice.${voice}`)
  return (
    <li class={voice === 'note' ? 'a-note' : `from-${voice}`} id={latest ? 'latest' : undefined}>
      <p class="voice">
        <Name>{from}</Name> <Moment date={at} />
      </p>
      {html !== null ? (
        <Prose html={html} />
      ) : voice === 'steward' ? (
        <Prose markdown={text} />
      ) : (
        <p class="as-typed" dir="auto">
          {lines(text)}
        </p>
      )}
    </li>
  )
}

function State({ inquiry, path }: { inquiry: Inquiry; path: string }) {
  const { t } = useWords()
  return (
    <form class="inline" method="post" action={`${path}/state`}>
      <label class="unseen" for="state">
        {t('admininquiries.where')}
      </label>
      <select id="state" name="state">
        {STEWARD_STATES.map(state => (
          <option key={state} value={state} selected={state === inquiry.state}>
            {t(`admininquiries.state.${state}`)}
          </option>
        ))}
      </select>
      <button type="submit" class="quiet">
        {t('admininquiries.change')}
      </button>
    </form>
  )
}

function Erase({ inquiry, who, typed, path }: Omit<Props, 'messages'> & { path: string }) {
  const { t } = useWords()
  const name = who.name ?? who.contact ?? String(inquiry.id)
  return (
    <section aria-labelledby="erase-title">
      <h2 id="erase-title">{t('admininquiries.erase')}</h2>
      <details open={typed.erase !== undefined}>
        <summary>{t('admininquiries.eraseOpen')}</summary>
        <EraseForm
          path={`${path}/erase`}
          name={name}
          field="erase"
          help={t('admininquiries.eraseHelp', { days: INQUIRY_LIMITS.settledKeptMs / 86_400_000 })}
          typed={typed.erase}
          faults={typed.faults ?? []}
        />
      </details>
    </section>
  )
}
