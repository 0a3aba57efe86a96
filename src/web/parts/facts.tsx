import type { ComponentChildren } from 'preact'
import type { Charter } from '../../domain/charter.ts'
import { areaWords, feeWords, labels, peopleWords, placeWords, yearsWords } from '../../domain/charter-words.ts'
import { label } from '../../domain/vocabulary.ts'
import { Plain, WebLink } from './words.tsx'

/** What a community is, in one screen. What its charter does not say is left out, except who may come: that is told as not said. */
export function Facts({ charter }: { charter: Charter }) {
  const gone = charter.status === 'disbanded'
  const facts: [string, (string | undefined | false)[], ComponentChildren?][] = [
    ['Where', [placeWords(charter) ?? (charter.place ? 'Not shown' : 'No place named'), labels('setting', charter.setting)]],
    ['When', [yearsWords(charter), label('status', charter.status)]],
    ['People', [peopleWords(charter)]],
    ['New members', [!gone && label('openToMembers', charter.openToMembers)]],
    ['Visitors', [!gone && label('openToVisitors', charter.openToVisitors)]],
    ['Volunteers', [!gone && charter.openToVolunteers !== 'unknown' && label('openToVolunteers', charter.openToVolunteers)]],
    ['Decisions', [labels('decisionMaking', charter.decisionMaking), labels('leadership', charter.leadership)]],
    ['Money', [labels('incomeSharing', charter.incomeSharing), labels('economy', charter.economy)]],
    ['Fees', [fee('to join', charter.joinFee), fee('', charter.regularFee)]],
    ['Land', [charter.landOwner && `Owned by: ${labels('landOwner', charter.landOwner)}`, areaWords(charter)]],
    ['Housing', [labels('housing', charter.housing)]],
    [
      'Daily life',
      [charter.sharedMeals && `Meals together: ${label('sharedMeals', charter.sharedMeals).toLowerCase()}`, labels('diet', charter.diet)],
    ],
    ['Spirit', [labels('spiritualTraditions', charter.spiritualTraditions), labels('practiceExpected', charter.practiceExpected)]],
    ['Politics', [labels('orientationPolitical', charter.orientationPolitical)]],
    ['Languages', [labels('languages', charter.languages)]],
    ['Website', [], charter.website && <WebLink href={charter.website} />],
    ['Contact', [], charter.contact && <Plain>{charter.contact}</Plain>],
  ]
  return (
    <dl class="facts">
      {facts.map(([title, lines, other]) => {
        const said = lines.filter(line => typeof line === 'string')
        if (said.length === 0 && !other) return null
        return (
          <div key={title}>
            <dt>{title}</dt>
            {said.map(line => (
              <dd key={line}>
                <bdi>{line}</bdi>
              </dd>
            ))}
            {other && <dd>{other}</dd>}
          </div>
        )
      })}
    </dl>
  )
}

function fee(what: string, value: Charter['joinFee'] | Charter['regularFee']): string | undefined {
  const words = feeWords(value)
  return words && `${words} ${what}`.trim()
}
