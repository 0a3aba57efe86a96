import type { ComponentChildren } from 'preact'
import type { DirectoryEntry } from '../../domain/directory.ts'
import type { Standing } from '../profile/standing.ts'
import { useWords } from './use-words.ts'
import { Day } from './words.tsx'

type Props = { entry: DirectoryEntry; standing: Standing; now: Date }

/** What should be known before anything else is believed. Nothing, for most communities. */
export function Cautions({ entry: { charter, state }, standing, now }: Props) {
  const { t, rich } = useWords()
  const expires = charter.expires === undefined ? undefined : new Date(charter.expires)
  const cautions: ComponentChildren[] = []
  if (charter.status === 'disbanded')
    cautions.push(
      rich('profile.caution.disbanded', {
        strong,
        year: charter.disbanded === undefined ? 'none' : String(charter.disbanded),
      }),
    )
  if (charter.status === 'dormant') cautions.push(rich('profile.caution.dormant', { strong }))
  if (expires && expires < now) cautions.push(rich('profile.caution.expired', { strong, day: <Day date={expires} /> }))
  if (standing.keysChangedAt) cautions.push(rich('profile.caution.keys', { strong, day: <Day date={standing.keysChangedAt} /> }))
  if (state === 'heard') cautions.push(rich('profile.caution.heard', { strong }))
  if (standing.lateSince) cautions.push(rich('profile.caution.late', { strong, day: <Day date={standing.lateSince} /> }))
  if (cautions.length === 0) return null
  return (
    <section class="notice" aria-label={t('profile.caution.title')}>
      {cautions.map((words, place) => (
        <p key={place}>{words}</p>
      ))}
    </section>
  )
}

const strong = (words: ComponentChildren[]) => <strong>{words}</strong>
