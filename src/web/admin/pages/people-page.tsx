import type { allFollowers } from '../../../db/follower.ts'
import { handleOf } from '../../../domain/actor.ts'
import type { Words } from '../../messages.ts'
import { useWords } from '../../parts/use-words.ts'
import { Day, Name, WebLink } from '../../parts/words.tsx'
import type { AdminPage } from '../layout.tsx'
import { FormFaults, TextField } from '../parts/form.tsx'

type Person = ReturnType<typeof allFollowers>[number]
/** What was typed to remove somebody, and why it was not done. */
export type FollowersTyped = { actor?: string; name?: string; fault?: string }
type Props = {
  requests: readonly Person[]
  followers: readonly Person[]
  total: number
  page: number
  pages: number
  approvesFollowers: boolean
  typed: FollowersTyped
}

export function followersPage(props: Props, { t }: Words): AdminPage {
  const wrong = props.typed.fault !== undefined
  return { title: t('people.followers'), path: '/admin/people', area: 'people', wrong, body: <Followers {...props} /> }
}

export function PeopleTabs({ current }: { current: 'followers' | 'following' }) {
  const { t } = useWords()
  const tabs = { followers: '/admin/people', following: '/admin/people/following' } as const
  return (
    <nav class="tabs" aria-label={t('people.tabs')}>
      <ul>
        {Object.entries(tabs).map(([name, path]) => (
          <li key={name}>
            <a href={path} aria-current={name === current ? 'page' : undefined}>
              {t(`people.${name}`)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

/** Somebody elsewhere: the name leads to their own page. */
export function PersonLine({ person, since }: { person: Pick<Person, 'actor' | 'name' | 'handle' | 'host'>; since: Date }) {
  return (
    <p class="inline">
      <strong>
        <WebLink href={person.actor}>
          <Name>{person.name}</Name>
        </WebLink>
      </strong>
      <bdi class="handle">{handleOf(person)}</bdi>
      <span class="soft">
        <Day date={since} />
      </span>
    </p>
  )
}

function Followers({ requests, followers, total, page, pages, approvesFollowers, typed }: Props) {
  const { t } = useWords()
  const field = followers.findIndex(({ actor }) => actor === typed.actor)
  return (
    <>
      <PeopleTabs current="followers" />
      <FormFaults faults={typed.fault ? [{ field: `name-${field}`, text: typed.fault }] : []} />
      <section aria-labelledby="requests">
        <h2 id="requests">{t('people.requests')}</h2>
        {requests.length === 0 && <p class="soft">{t('people.noRequests')}</p>}
        <ul class="things">
          {requests.map(person => (
            <Request key={person.actor} person={person} />
          ))}
        </ul>
      </section>
      <section aria-labelledby="all">
        <h2 id="all">{t('people.allFollowers', { count: total })}</h2>
        <ul class="things">
          {followers.map((person, at) => (
            <Follower key={person.actor} person={person} at={at} typed={typed} />
          ))}
        </ul>
        {pages > 1 && (
          <p class="pages">
            {page > 1 && (
              <a href={`/admin/people?page=${page - 1}`} rel="prev">
                {t('people.newer')}
              </a>
            )}{' '}
            {t('people.page', { page, pages })}{' '}
            {page < pages && (
              <a href={`/admin/people?page=${page + 1}`} rel="next">
                {t('people.older')}
              </a>
            )}
          </p>
        )}
      </section>
      <section aria-labelledby="approve">
        <h2 id="approve">{t('people.approve')}</h2>
        <p>{t(approvesFollowers ? 'people.approvesNow' : 'people.approvesNot')}</p>
        <form method="post" action="/admin/people/approves">
          <button type="submit" class="quiet" name="approves" value={approvesFollowers ? 'no' : 'yes'}>
            {t(approvesFollowers ? 'people.letAll' : 'people.ask')}
          </button>
        </form>
      </section>
    </>
  )
}

function Request({ person }: { person: Person }) {
  const { t } = useWords()
  const who = handleOf(person)
  return (
    <li>
      <PersonLine person={person} since={person.since} />
      <div class="inline">
        {(['accept', 'reject'] as const).map(decision => (
          <form key={decision} method="post" action={`/admin/people/${decision}`}>
            <input type="hidden" name="actor" value={person.actor} />
            <button type="submit" class="quiet" aria-label={`${t(`people.${decision}`)}: ${who}`}>
              {t(`people.${decision}`)}
            </button>
          </form>
        ))}
      </div>
    </li>
  )
}

function Follower({ person, at, typed }: { person: Person; at: number; typed: FollowersTyped }) {
  const { t, rich } = useWords()
  const mine = typed.actor === person.actor
  return (
    <li>
      <PersonLine person={person} since={person.since} />
      <details open={mine}>
        <summary>{t('people.remove')}</summary>
        <form class="form" method="post" action="/admin/people/remove">
          <input type="hidden" name="actor" value={person.actor} />
          <p>{t('people.removeHelp')}</p>
          <TextField
            name={`name-${at}`}
            label={rich('people.typeName', { name: <strong dir="ltr">{handleOf(person)}</strong> })}
            value={mine ? typed.name : ''}
            faults={mine && typed.fault ? [{ field: `name-${at}`, text: typed.fault }] : []}
            autocomplete="off"
            required
          />
          <p>
            <button type="submit" class="danger">
              {t('people.remove')}
            </button>
          </p>
        </form>
      </details>
    </li>
  )
}
