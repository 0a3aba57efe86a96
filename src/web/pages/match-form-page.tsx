import type { ComponentChildren } from 'preact'
import { type Answer, CHOICES, type Choice, type Mistake, NEARBY_KM, type Question } from '../../domain/match-answer.ts'
import type { Page } from '../layout.tsx'
import { chosenPath, matchPath } from '../match-address.ts'
import { questionTitle, valueWords } from '../match-words.ts'
import type { Words } from '../messages.ts'
import { TownChoice } from '../parts/town-choice.tsx'
import { useWords } from '../parts/use-words.ts'
import { placeText } from '../place-name.ts'

type Props = {
  words: Words
  answers: readonly Answer[]
  mistakes: readonly Mistake[]
  /** The form was sent without any answer. */
  nothing: boolean
  /** What was typed, to stand there again. */
  given: Readonly<Record<string, unknown>>
  /** Countries and languages of which there are communities. */
  countries: readonly string[]
  languages: readonly string[]
}

/** More values than this are folded away until one of them is chosen. */
const MANY = 9
const CURRENCIES = ['EUR', 'USD', 'GBP', 'CHF', 'SEK', 'DKK', 'NOK', 'PLN', 'CZK', 'CAD', 'AUD', 'NZD', 'BRL', 'MXN', 'ARS', 'CLP', 'COP', 'INR', 'JPY', 'ILS', 'ZAR', 'MAD', 'EGP'] // biome-ignore format: a row
const REASONS: Record<Mistake['reason'], string> = {
  place: 'match.wrong.place',
  which: 'match.wrong.which',
  distance: 'match.wrong.distance',
  amount: 'match.wrong.amount',
  currency: 'match.wrong.currency',
}

/** The questions to a seeker. */
export function matchFormPage({ words, ...props }: Props): Page {
  return {
    title: words.t('match.title'),
    description: words.t('match.description'),
    canonical: props.answers.length > 0 ? matchPath(props.answers, { edit: true }) : '/match',
    unlisted: props.answers.length > 0 || props.mistakes.length > 0,
    section: 'match',
    scripts: ['match.js'],
    body: <Questionnaire {...props} />,
  }
}

function Questionnaire(props: Omit<Props, 'words'>) {
  const words = useWords()
  const { t } = words
  const { mistakes, nothing, countries, languages } = props
  const pick = (question: Choice, values?: readonly string[]) => <Pick {...props} question={question} values={values} />
  const byName = (question: Choice, values: readonly string[]) =>
    values.toSorted((a, b) => valueWords(words, question, a).localeCompare(valueWords(words, question, b), words.locale))
  return (
    <div class="questionnaire">
      <h1>{t('match.title')}</h1>
      <p class="lede">{t('match.lede')}</p>
      <p class="soft">{t('match.private')}</p>
      {(mistakes.length > 0 || nothing) && (
        <div class="notice" role="alert">
          {nothing && <p>{t('match.nothing')}</p>}
          {mistakes.length > 0 && <p>{t('match.mistakes', { count: mistakes.length })}</p>}
          <ul>
            {mistakes.map(({ question, reason }) => (
              <li key={question}>
                <a href={`#q-${question}`}>{questionTitle(words, question)}</a>: {t(REASONS[reason])}
              </li>
            ))}
          </ul>
        </div>
      )}
      <form method="get" action="/match">
        <Group title={t('match.group.come')}>
          {pick('openToMembers')}
          {pick('openToVisitors')}
          {pick('openToVolunteers')}
          {pick('status')}
        </Group>
        <Group title={t('match.group.place')}>
          <Near {...props} />
          {pick('country', byName('country', countries))}
          {pick('setting')}
          {pick('language', byName('language', languages))}
          {pick('housing')}
        </Group>
        <Group title={t('match.group.kind')}>
          {pick('kind')}
          {pick('theme')}
          {pick('people')}
          {pick('children')}
          {pick('childrenEducation')}
        </Group>
        <Group title={t('match.group.together')}>
          {pick('decisionMaking')}
          {pick('incomeSharing')}
          <Fee {...props} question="joinFee" />
          <Fee {...props} question="regularFee" />
          <Currency {...props} />
          {pick('labour')}
        </Group>
        <Group title={t('match.group.daily')}>
          {pick('sharedMeals')}
          {pick('diet')}
          {pick('alcohol')}
          {pick('tobacco')}
        </Group>
        <Group title={t('match.group.spirit')}>
          {pick('spiritualTraditions')}
          {pick('practiceExpected')}
          {pick('orientationPolitical')}
          <Typed {...props} question="words" hint={t('match.wordsHint')} />
        </Group>
        <p class="send">
          <button type="submit">{t('match.send')}</button>
        </p>
      </form>
    </div>
  )
}

function Group({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <fieldset class="questions">
      <legend>
        <h2>{title}</h2>
      </legend>
      <div>{children}</div>
    </fieldset>
  )
}

type Shared = Omit<Props, 'words'>

/** One question with values to tick. */
function Pick({ answers, question, values = [] }: Shared & { question: Choice; values?: readonly string[] | undefined }) {
  const words = useWords()
  const answer = answers.find(other => other.question === question)
  const chosen = answer && 'values' in answer ? answer.values : []
  const offered: readonly string[] =
    question === 'country' || question === 'language' ? [...new Set([...values, ...chosen])] : CHOICES[question]
  if (offered.length === 0) return null
  const boxes = (
    <ul class="ticks">
      {offered.map(value => (
        <li key={value}>
          <label class="pick">
            <input type="checkbox" name={question} value={value} checked={chosen.includes(value)} />
            {valueWords(words, question, value)}
          </label>
        </li>
      ))}
    </ul>
  )
  return (
    <fieldset class="quiz" id={`q-${question}`}>
      <legend>{questionTitle(words, question)}</legend>
      {offered.length > MANY ? (
        <details open={chosen.length > 0}>
          <summary>{words.t('match.choose', { count: offered.length })}</summary>
          {boxes}
        </details>
      ) : (
        boxes
      )}
      <Weigh answers={answers} question={question} />
    </fieldset>
  )
}

/** How much an answer counts. */
function Weigh({ answers, question }: Pick<Shared, 'answers'> & { question: Question }) {
  const words = useWords()
  const weight = answers.find(answer => answer.question === question)?.weight ?? 'like'
  const option = (value: string, text: string) => (
    <option value={value} selected={value === weight}>
      {text}
    </option>
  )
  return (
    <label class="weigh">
      <span class="unseen">{words.t('match.weight', { question: questionTitle(words, question) })}</span>
      <select name={`weight.${question}`}>
        {option('like', words.t('match.weight.like'))}
        {option('must', words.t('match.weight.must'))}
        {option('any', words.t('match.weight.any'))}
      </select>
    </label>
  )
}

/** One question answered in writing. What was typed wrongly stays, with what is wrong. */
function Typed({
  answers,
  mistakes,
  given,
  question,
  hint,
  value,
  after,
}: Shared & { question: Question; hint: string; value?: string | undefined; after?: ComponentChildren }) {
  const words = useWords()
  const wrong = mistakes.find(mistake => mistake.question === question)
  return (
    <fieldset class="quiz" id={`q-${question}`}>
      <legend>{questionTitle(words, question)}</legend>
      <label class="typed">
        <span id={`hint-${question}`}>{hint}</span>
        <input
          name={question}
          type="text"
          value={value ?? typed(given, question)}
          maxLength={200}
          dir="auto"
          autoComplete="off"
          inputMode={question === 'joinFee' || question === 'regularFee' ? 'decimal' : undefined}
          aria-invalid={wrong ? true : undefined}
          aria-describedby={wrong ? `wrong-${question}` : undefined}
        />
      </label>
      {wrong && (
        <p class="wrong" id={`wrong-${question}`}>
          {words.t(REASONS[wrong.reason])}
        </p>
      )}
      {wrong?.towns && <TownChoice towns={wrong.towns.map(town => ({ town, path: chosenPath(given, town) }))} />}
      {after}
      <Weigh answers={answers} question={question} />
    </fieldset>
  )
}

function Near(props: Shared) {
  const words = useWords()
  const { t, number } = words
  const answer = props.answers.find(({ question }) => question === 'near')
  const value = answer && 'point' in answer ? placeText(words, answer.point) : undefined
  const within = typed(props.given, 'within') || String(NEARBY_KM)
  const distances = [...new Set([25, 50, 100, 250, 500, 1000, Number(within) || NEARBY_KM])].toSorted((a, b) => a - b)
  const after = (
    <p class="near">
      <label>
        {t('match.around')}{' '}
        <select name="within">
          {distances.map(km => (
            <option key={km} value={km} selected={String(km) === within}>
              {t('match.km', { km: number(km) })}
            </option>
          ))}
        </select>
      </label>
      <button type="button" data-near data-failed={t('match.notFound')} hidden>
        {t('match.here')}
      </button>
      <span role="status" data-near-status />
    </p>
  )
  return <Typed {...props} question="near" hint={t('match.nearHint')} value={value} after={after} />
}

function Fee({ question, ...props }: Shared & { question: 'joinFee' | 'regularFee' }) {
  const { t } = useWords()
  return <Typed {...props} question={question} hint={t(question === 'joinFee' ? 'match.joinFeeHint' : 'match.regularFeeHint')} />
}

function Currency({ given }: Shared) {
  const { t, locale } = useWords()
  const names = new Intl.DisplayNames(locale, { type: 'currency' })
  const chosen = typed(given, 'currency').toUpperCase() || 'EUR'
  return (
    <p class="quiz">
      <label class="typed">
        <span>{t('match.currency')}</span>
        <select name="currency">
          {[...new Set([...CURRENCIES, ...(/^[A-Z]{3}$/.test(chosen) ? [chosen] : [])])].map(code => (
            <option key={code} value={code} selected={code === chosen}>
              {code} – {names.of(code)}
            </option>
          ))}
        </select>
      </label>
    </p>
  )
}

const typed = (given: Shared['given'], name: string) => String([given[name] ?? ''].flat()[0] ?? '').slice(0, 200)
