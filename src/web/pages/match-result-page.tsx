import type { FoundEntry } from '../../domain/directory.ts'
import type { Match, Verdict } from '../../domain/match.ts'
import { saidTo } from '../../domain/match.ts'
import type { Answer } from '../../domain/match-answer.ts'
import { valuesIn } from '../charter-value.ts'
import type { Page } from '../layout.tsx'
import { matchPath, withoutAnswer } from '../match-address.ts'
import { answerWords, questionTitle, valueWords } from '../match-words.ts'
import type { Words } from '../messages.ts'
import { CompareTray } from '../parts/compare-pick.tsx'
import { EntryCard } from '../parts/entry-card.tsx'
import { useWords } from '../parts/use-words.ts'

type Props = {
  words: Words
  answers: readonly Answer[]
  /** One page of them. */
  matches: readonly Match<FoundEntry>[]
  found: number
  /** How many communities were looked at, and whether there were more. */
  looked: number
  limited: boolean
  size: number
  page: number
  pages: number
}

/** The communities that fit, each with why, and with what does not. */
export function matchResultPage({ words, ...props }: Props): Page {
  return {
    title: words.t('match.results'),
    description: words.t('match.description'),
    canonical: matchPath(props.answers, { page: props.page }),
    unlisted: true,
    section: 'match',
    scripts: ['compare.js'],
    body: <Results {...props} />,
  }
}

function Results({ answers, matches, found, looked, limited, size, page, pages }: Omit<Props, 'words'>) {
  const { t } = useWords()
  const change = matchPath(answers, { edit: true })
  return (
    <div class="matches">
      <h1>{t('match.results')}</h1>
      <Answers answers={answers} />
      <h2 class="matches-head">{t('match.found', { count: found })}</h2>
      {limited && <p class="soft">{t('match.limited', { looked, size })}</p>}
      {found === 0 ? (
        <div class="nothing">
          <p>{t('match.none')}</p>
          <ul>
            {answers.some(({ weight }) => weight === 'must') && <li>{t('match.noneMust')}</li>}
            <li>{t('match.noneDrop')}</li>
            <li>
              <a href="/">{t('match.noneSearch')}</a>
            </li>
          </ul>
        </div>
      ) : (
        <ol class="entries" start={(page - 1) * 20 + 1}>
          {matches.map(match => (
            <li key={match.entry.actor}>
              <EntryCard entry={match.entry} />
              <Reasons match={match} />
            </li>
          ))}
        </ol>
      )}
      {pages > 1 && (
        <nav class="pages" aria-label={t('match.pages')}>
          {page > 1 && (
            <a href={matchPath(answers, { page: page - 1 })} rel="prev nofollow">
              {t('match.previous')}
            </a>
          )}
          {page < pages && (
            <a href={matchPath(answers, { page: page + 1 })} rel="next nofollow">
              {t('match.next')}
            </a>
          )}
        </nav>
      )}
      {found > 0 && <CompareTray />}
      <p class="pages">
        <a href={change} rel="nofollow">
          {t('match.change')}
        </a>
      </p>
    </div>
  )
}

/** What was answered, each with a way to take it back. */
function Answers({ answers }: Pick<Props, 'answers'>) {
  const words = useWords()
  const { t } = words
  return (
    <ul class="chips" aria-label={t('match.answers')}>
      {answers.map(answer => (
        <li key={answer.question}>
          <a class="chip" href={matchPath(withoutAnswer(answers, answer.question))} rel="nofollow">
            <span class="unseen">{t('match.takeAway')} </span>
            <bdi>
              {t('match.chip', { question: questionTitle(words, answer.question), answer: answerWords(words, answer) })}
              {answer.weight === 'must' && <strong> · {t('match.must')}</strong>}
            </bdi>
            <span aria-hidden="true"> ×</span>
          </a>
        </li>
      ))}
      <li>
        <a class="clear" href={matchPath(answers, { edit: true })} rel="nofollow">
          {t('match.change')}
        </a>
      </li>
    </ul>
  )
}

const LISTS: readonly [Verdict, string, string][] = [
  ['fits', 'match.fits', '✓'],
  ['misses', 'match.misses', '✗'],
  ['silent', 'match.silent', '?'],
]

function Reasons({ match }: { match: Match<FoundEntry> }) {
  const words = useWords()
  return (
    <dl class="reasons">
      {LISTS.map(([verdict, title, sign]) => {
        const some = match.verdicts.filter(other => other.verdict === verdict)
        if (some.length === 0) return null
        return (
          <div key={verdict} class={`reason-${verdict}`}>
            <dt>
              <span aria-hidden="true">{sign}</span> {words.t(title, { count: some.length, all: match.verdicts.length })}
            </dt>
            {some.map(({ answer }) => (
              <dd key={answer.question}>
                <Reason answer={answer} verdict={verdict} entry={match.entry} />
              </dd>
            ))}
          </div>
        )
      })}
    </dl>
  )
}

/** What the community says to this answer; where it can't be measured by it, that is told. */
function Reason({ answer, verdict, entry }: { answer: Answer; verdict: Verdict; entry: FoundEntry }) {
  const words = useWords()
  const { t } = words
  const said = wordsFor(words, answer, verdict, entry)
  return (
    <>
      <bdi>
        {said ? t('match.chip', { question: questionTitle(words, answer.question), answer: said }) : questionTitle(words, answer.question)}
      </bdi>
      {verdict === 'misses' && <span class="soft"> {t('match.asked', { answer: answerWords(words, answer) })}</span>}
      {verdict === 'silent' && said && <span class="soft"> {t('match.otherCurrency')}</span>}
      {verdict === 'silent' && answer.weight === 'must' && <strong> {t('match.silentMust')}</strong>}
    </>
  )
}

function wordsFor(words: Words, answer: Answer, verdict: Verdict, { charter, distanceKm }: FoundEntry): string | undefined {
  const { question } = answer
  if (question === 'words') return verdict === 'fits' ? answerWords(words, answer) : undefined
  if (question === 'near') {
    if (distanceKm === undefined) return undefined
    return words.t('match.away', { km: Math.round(distanceKm) })
  }
  if (question === 'people' || question === 'children') {
    return saidTo(charter, question)
      ?.map(value => valueWords(words, question, value))
      .join(words.t('charter.comma'))
  }
  if (verdict === 'silent' && question !== 'joinFee' && question !== 'regularFee') return undefined
  return valuesIn(words, charter, question)?.join(words.t('charter.comma'))
}
