import type { ComponentChildren } from 'preact'
import type { Charter } from '../../domain/charter.ts'
import { charterWords, uncapitalised } from '../charter-words.ts'
import { useWords } from './use-words.ts'
import { Plain, WebLink } from './words.tsx'

type Lines = readonly (string | undefined | false)[]
type Row = { key: string; lines: Lines; other?: ComponentChildren; door?: string | undefined; silent?: boolean }

/**
 * What a community is, in one screen: first whether somebody may come, then what everybody asks, then what else there is to say. Of
 * the first two it is told where the charter says nothing; of the rest it is left out.
 */
export function AtAGlance({ charter }: { charter: Charter }) {
  const words = useWords()
  const { t } = words
  const { first, more } = useRows(charter)
  return (
    <section class="at-a-glance" aria-labelledby="glance">
      <h2 id="glance">{t('profile.glance')}</h2>
      <Rows rows={first} />
      {more.some(isSaid) && <Rows rows={more} more />}
    </section>
  )
}

function useRows(charter: Charter): { first: Row[]; more: Row[] } {
  const words = useWords()
  const { t } = words
  const { label, labels, place, years, people, fee, area } = charterWords(words)
  const isGone = charter.status === 'disbanded'
  const door = (field: 'openToMembers' | 'openToVisitors' | 'openToVolunteers', key: string, silent: boolean): Row => {
    const value = charter[field]
    const hushed = isGone || (silent && value === 'unknown')
    return { key, lines: [!hushed && label(field, value)], door: value }
  }
  const meals = charter.sharedMeals && t('profile.meals', { how: uncapitalised(label('sharedMeals', charter.sharedMeals), words.locale) })
  const owner = charter.landOwner && t('profile.owner', { who: labels('landOwner', charter.landOwner) ?? '' })
  const joining = fee(charter.joinFee)
  return {
    first: [
      door('openToMembers', 'members', false),
      door('openToVisitors', 'visitors', false),
      door('openToVolunteers', 'volunteers', true),
      {
        key: 'where',
        lines: [place(charter) ?? (charter.place ? t('profile.placeHidden') : t('profile.noPlace')), labels('setting', charter.setting)],
      },
      { key: 'when', lines: [years(charter), label('status', charter.status)] },
      { key: 'people', lines: [people(charter)] },
      {
        key: 'decisions',
        lines: [labels('decisionMaking', charter.decisionMaking), labels('leadership', charter.leadership)],
        silent: true,
      },
      { key: 'money', lines: [labels('incomeSharing', charter.incomeSharing), labels('economy', charter.economy)], silent: true },
      { key: 'dailyLife', lines: [meals, labels('diet', charter.diet)], silent: true },
    ],
    more: [
      { key: 'fees', lines: [joining && t('profile.feeToJoin', { fee: joining }), fee(charter.regularFee)] },
      { key: 'land', lines: [owner, area(charter)] },
      { key: 'housing', lines: [labels('housing', charter.housing)] },
      {
        key: 'spirit',
        lines: [labels('spiritualTraditions', charter.spiritualTraditions), labels('practiceExpected', charter.practiceExpected)],
      },
      { key: 'politics', lines: [labels('orientationPolitical', charter.orientationPolitical)] },
      { key: 'languages', lines: [charter.languages.length > 0 && labels('languages', charter.languages)] },
      { key: 'website', lines: [], other: charter.website && <WebLink href={charter.website} /> },
      { key: 'contact', lines: [], other: charter.contact && <Plain>{charter.contact}</Plain> },
    ],
  }
}

const isSaid = ({ lines, other }: Row) => Boolean(other) || lines.some(Boolean)

function Rows({ rows, more }: { rows: readonly Row[]; more?: boolean }) {
  const { t } = useWords()
  return (
    <dl class={more ? 'facts more' : 'facts'}>
      {rows.map(row => {
        if (!isSaid(row) && !row.silent) return null
        return (
          <div key={row.key} class={row.door ? `door door-${row.door}` : undefined}>
            <dt>{t(`profile.row.${row.key}`)}</dt>
            {row.lines.map(
              line =>
                line && (
                  <dd key={line}>
                    <bdi>{line}</bdi>
                  </dd>
                ),
            )}
            {row.other && <dd>{row.other}</dd>}
            {!isSaid(row) && <dd class="unsaid">{t('profile.notSaid')}</dd>}
          </div>
        )
      })}
    </dl>
  )
}
