import type { Post } from '../../domain/post.ts'
import { isClosed, momentWords } from '../../domain/post-kind.ts'
import { counted } from '../../lib/text.ts'
import { Plain } from './words.tsx'

/** When and where an event is, or how a question stands. Of other posts nothing. */
export function KindFacts({ post, now }: { post: Post; now: Date }) {
  if (post.type === 'Event') return <EventFacts details={post.details ?? {}} />
  if (post.type === 'Question') return <Standing details={post.details ?? {}} now={now} />
  return null
}

type Details = { details: NonNullable<Post['details']> }

function EventFacts({ details: { startsAt, endsAt, place } }: Details) {
  return (
    <dl class="facts">
      {startsAt && <Moment title="Begins" iso={startsAt} />}
      {endsAt && <Moment title="Ends" iso={endsAt} />}
      {place && (
        <div>
          <dt>Where</dt>
          <dd>
            <Plain most={200}>{place}</Plain>
          </dd>
        </div>
      )}
    </dl>
  )
}

function Moment({ title, iso }: { title: string; iso: string }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>
        <time dateTime={iso}>{momentWords(iso)}</time>
      </dd>
    </div>
  )
}

function Standing({ details, now }: Details & { now: Date }) {
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
              {counted(votes, 'vote', 'votes')}
              {whole > 0 && `, ${Math.round((100 * votes) / whole)} %`}
            </span>
            {/* The numbers beside it say the same in words. */}
            <meter min={0} max={Math.max(1, whole)} value={votes} aria-hidden="true" />
          </li>
        ))}
      </ul>
      <p>
        {multiple ? 'More than one answer may be chosen. ' : ''}
        {voters !== undefined && `${counted(voters, 'person has', 'people have')} voted. `}
        {closed ? 'The question is closed.' : 'To vote, open this post on your own server.'}{' '}
        {closesAt && (
          <>
            {closed ? 'It closed on ' : 'It closes on '}
            <time dateTime={closesAt}>{momentWords(closesAt)}</time>.
          </>
        )}
      </p>
    </div>
  )
}
