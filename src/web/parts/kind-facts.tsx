import type { Post } from '../../domain/post.ts'
import { isClosed, wallClock } from '../../domain/post-kind.ts'
import { useWords } from './use-words.ts'
import { Plain } from './words.tsx'

/** When and where an event is, or how a question stands. Of other posts nothing. */
export function KindFacts({ post, now }: { post: Post; now: Date }) {
  if (post.type === 'Event') return <EventFacts details={post.details ?? {}} />
  if (post.type === 'Question') return <Standing details={post.details ?? {}} now={now} />
  return null
}

type Details = { details: NonNullable<Post['details']> }

function EventFacts({ details: { startsAt, endsAt, place } }: Details) {
  const { t } = useWords()
  return (
    <dl class="facts">
      {startsAt && <EventTime title={t('post.begins')} iso={startsAt} />}
      {endsAt && <EventTime title={t('post.ends')} iso={endsAt} />}
      {place && (
        <div>
          <dt>{t('post.where')}</dt>
          <dd>
            <Plain most={200}>{place}</Plain>
          </dd>
        </div>
      )}
    </dl>
  )
}

function EventTime({ title, iso }: { title: string; iso: string }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>
        <Moment iso={iso} />
      </dd>
    </div>
  )
}

/** “May 1, 2027, 18:00 (UTC+2)”. */
function Moment({ iso }: { iso: string }) {
  const { t, day } = useWords()
  const clock = wallClock(iso)
  return <time dateTime={iso}>{clock ? t('post.moment', { day: day(clock.date), time: clock.time, zone: clock.zone }) : iso}</time>
}

function Standing({ details, now }: Details & { now: Date }) {
  const { t, rich } = useWords()
  const { options = [], multiple, closesAt, voters } = details
  const all = options.reduce((sum, option) => sum + option.votes, 0)
  // Where several may be chosen, shares are of people, not of votes.
  const whole = multiple ? Math.max(voters ?? 0, ...options.map(option => option.votes)) : all
  const closed = isClosed(details, now)
  return (
    <div class="question">
      <ul>
        {options.map(({ name, votes }) => (
          <li key={name}>
            <span class="option">
              <Plain most={200}>{name}</Plain>
            </span>
            <span class="votes">
              {whole > 0
                ? t('post.votesOf', { count: votes, share: Math.round((100 * votes) / whole) })
                : t('post.votes', { count: votes })}
            </span>
            {/* The numbers beside it say the same in words. */}
            <meter min={0} max={Math.max(1, whole)} value={votes} aria-hidden="true" />
          </li>
        ))}
      </ul>
      <p>
        {multiple && `${t('post.several')} `}
        {voters !== undefined && `${t('post.voters', { count: voters })} `}
        {t(closed ? 'post.closed' : 'post.toVote')}{' '}
        {closesAt && rich(closed ? 'post.closedOn' : 'post.closesOn', { moment: <Moment iso={closesAt} /> })}
      </p>
    </div>
  )
}
