import type { messagesOf } from '../../db/inquiry.ts'
import { INQUIRY_LIMITS, type Inquiry, type InquiryState, isSettled } from '../../domain/inquiry.ts'
import { lines, STRANGER_LIMITS } from '../../domain/stranger.ts'
import type { Page } from '../layout.tsx'
import type { Words } from '../messages.ts'
import { CommunityCrumb, KeepAddress } from '../parts/private-page.tsx'
import { Prose } from '../parts/prose.tsx'
import { useWords } from '../parts/use-words.ts'
import { Name } from '../parts/words.tsx'
import { messagePage } from './message-page.tsx'

type Message = ReturnType<typeof messagesOf>[number]
type Props = {
  inquiry: Inquiry
  community: { handle: string; name: string }
  /** Without the stewards' notes. */
  messages: readonly Message[]
  token: string
  origin: string
  /** What was typed and could not be taken, and why. */
  text?: string
  fault?: 'missing' | 'long' | 'often'
}

const STATES: Record<InquiryState, string> = {
  new: 'inquiry.stateNew',
  open: 'inquiry.stateOpen',
  accepted: 'inquiry.stateAccepted',
  declined: 'inquiry.stateDeclined',
  closed: 'inquiry.stateClosed',
  withdrawn: 'inquiry.stateWithdrawn',
}
const FAULTS = { missing: 'form.messageMissing', long: 'form.messageLong', often: 'form.hinderedOften' }
const DAYS = INQUIRY_LIMITS.settledKeptMs / 86_400_000

/** What one seeker and the community say to each other; only who has its address sees it. */
export function conversationPage(props: Props): Page {
  return {
    title: props.community.name,
    description: '',
    canonical: `/c/${props.community.handle}/inquire`,
    unlisted: true,
    body: <Conversation {...props} />,
  }
}

function Conversation({ inquiry, community, messages, token, origin, text = '', fault }: Props) {
  const { t, rich } = useWords()
  const settled = isSettled(inquiry.state)
  return (
    <article class="inquire">
      <CommunityCrumb handle={community.handle} name={community.name} />
      <h1>{rich('inquiry.conversation', { name: <Name>{community.name}</Name> })}</h1>
      {fault && (
        <div class="notice faults" role="alert">
          <p>
            <strong>{t('form.notSent')}</strong> {t(FAULTS[fault])}
          </p>
        </div>
      )}
      <p>
        <span class="status">{t(STATES[inquiry.state])}</span>
      </p>
      {inquiry.held && <p class="soft">{t('inquiry.isHeld')}</p>}
      <KeepAddress words={t('inquiry.keepAddress')} address={`${origin}/inquiries/${token}`} />
      <ol class="said">
        {messages.map((message, at) => (
          <Said key={message.id} message={message} community={community.name} latest={at === messages.length - 1} />
        ))}
      </ol>
      {settled ? (
        <p class="soft">{t('inquiry.ended', { days: DAYS })}</p>
      ) : (
        <form class="form" method="post" action={`/inquiries/${token}`}>
          <div class="form-field">
            <label for="message">{t('inquiry.more')}</label>
            <textarea
              id="message"
              name="message"
              rows={6}
              required
              maxLength={STRANGER_LIMITS.message}
              dir="auto"
              {...(fault ? { 'aria-invalid': true } : {})}
            >
              {text}
            </textarea>
          </div>
          <p>
            <button type="submit">{t('form.send')}</button>
          </p>
        </form>
      )}
      <section aria-labelledby="yours">
        <h2 id="yours">{t('inquiry.yours')}</h2>
        {!settled && (
          <form method="post" action={`/inquiries/${token}/withdraw`} class="deed">
            <p>{t('inquiry.withdrawHelp')}</p>
            <button type="submit" class="quietly">
              {t('inquiry.withdraw')}
            </button>
          </form>
        )}
        <details>
          <summary>{t('inquiry.erase')}</summary>
          <form method="post" action={`/inquiries/${token}/erase`} class="deed">
            <p>{t('inquiry.eraseHelp')}</p>
            <button type="submit" class="quietly">
              {t('inquiry.erase')}
            </button>
          </form>
        </details>
      </section>
    </article>
  )
}

function Said({ message: { voice, text, at }, community, latest }: { message: Message; community: string; latest: boolean }) {
  const { t, day } = useWords()
  return (
    <li class={voice === 'seeker' ? 'from-seeker' : 'from-steward'} id={latest ? 'latest' : undefined}>
      <p class="voice">
        {voice === 'seeker' ? t('inquiry.you') : <Name>{community}</Name>} <time dateTime={at.toISOString()}>{day(at)}</time>
      </p>
      {voice === 'seeker' ? (
        <p class="as-typed" dir="auto">
          {lines(text)}
        </p>
      ) : (
        <Prose markdown={text} />
      )}
    </li>
  )
}

/** After everything was erased. */
export function erasedPage({ t }: Words): Page {
  return messagePage({ title: t('inquiry.erasedTitle'), words: t('inquiry.erased'), path: '/inquiries/erased' })
}
