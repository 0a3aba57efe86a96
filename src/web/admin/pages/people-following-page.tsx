import type { allFollowing, Following } from '../../../db/following.ts'
import { handleOf } from '../../../domain/actor.ts'
import { htmlToText } from '../../../lib/sanitise.ts'
import { shortened } from '../../../lib/text.ts'
import type { Words } from '../../messages.ts'
import { useWords } from '../../parts/use-words.ts'
import { Name, WebLink } from '../../parts/words.tsx'
import type { AdminPage } from '../layout.tsx'
import { FormFaults, TextField } from '../parts/form.tsx'
import { PeopleTabs, PersonLine } from './people-page.tsx'

type Followed = ReturnType<typeof allFollowing>[number]
/** Somebody a search has found. */
export type Candidate = {
  actor: string
  name: string
  address: string
  about: { text: string } | { html: string }
  state: Following['state'] | undefined
}
/** What was searched for, and what came of it. */
export type FollowingTyped = { who?: string; found?: readonly Candidate[]; fault?: { words: string; exactly?: string } }
type Props = { following: readonly Followed[]; typed: FollowingTyped }

export function followingPage(props: Props, { t }: Words): AdminPage {
  const wrong = props.typed.fault !== undefined
  return { title: t('people.following'), path: '/admin/people/following', area: 'people', wrong, body: <FollowingBody {...props} /> }
}

function FollowingBody({ following, typed: { who, found, fault } }: Props) {
  const { t } = useWords()
  const faults = fault ? [{ field: 'who', text: fault.words }] : []
  return (
    <>
      <PeopleTabs current="following" />
      <FormFaults faults={faults} />
      <form class="form" method="post" action="/admin/people/following/search">
        <TextField name="who" label={t('people.find')} help={t('people.findHelp')} value={who} faults={faults} autocomplete="off" />
        {fault?.exactly && (
          <p class="soft" dir="auto">
            {fault.exactly}
          </p>
        )}
        <p>
          <button type="submit">{t('people.search')}</button>
        </p>
      </form>
      {found && <Found found={found} />}
      <p>
        <a href="/admin/people/following/import">{t('people.import.title')}</a>
      </p>
      <section aria-labelledby="followed">
        <h2 id="followed">{t('people.followed', { count: following.length })}</h2>
        <ul class="things">
          {following.toReversed().map(person => (
            <FollowedLine key={person.actor} person={person} />
          ))}
        </ul>
      </section>
    </>
  )
}

function Found({ found }: { found: readonly Candidate[] }) {
  const { t } = useWords()
  return (
    <section aria-labelledby="found">
      <h2 id="found">{t('people.found', { count: found.length })}</h2>
      <ul class="things">
        {found.map(({ actor, name, address, about, state }) => (
          <li key={actor}>
            <p class="inline">
              <strong>
                <WebLink href={actor}>
                  <Name>{name}</Name>
                </WebLink>
              </strong>
              <bdi class="handle">{address}</bdi>
            </p>
            <p class="soft" dir="auto">
              {shortened('text' in about ? about.text : htmlToText(about.html), 200)}
            </p>
            {state === 'accepted' || state === 'pending' ? (
              <p>{t(`people.state.${state}`)}</p>
            ) : (
              <Act path="follow" actor={actor} words={t(state === 'rejected' ? 'people.askAgain' : 'people.follow')} address={address} />
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

function FollowedLine({ person }: { person: Followed }) {
  const { t } = useWords()
  const address = handleOf(person)
  return (
    <li>
      <PersonLine person={person} since={person.since} />
      <div class="inline">
        <span class="status">{t(`people.state.${person.state}`)}</span>
        {person.state === 'rejected' && <Act path="follow" actor={person.actor} words={t('people.askAgain')} address={address} />}
        <Act
          path="unfollow"
          actor={person.actor}
          words={t(person.state === 'accepted' ? 'people.unfollow' : 'people.takeBack')}
          address={address}
        />
      </div>
    </li>
  )
}

function Act({ path, actor, words, address }: { path: 'follow' | 'unfollow'; actor: string; words: string; address: string }) {
  return (
    <form method="post" action={`/admin/people/following/${path}`}>
      <input type="hidden" name="actor" value={actor} />
      <button type="submit" class="quiet" aria-label={`${words}: ${address}`}>
        {words}
      </button>
    </form>
  )
}
