import { type DirectoryQuery, FILTERS, type Filter, readDirectoryQuery } from './directory-query.ts'
import { type Answer, accepted } from './match-answer.ts'

/** So many communities are looked at for one seeker. */
export const MOST_CANDIDATES = 400
const FIRST = 150
const MOST_LIKES = 8
// What each charter must say: with these a search leaves out nobody who is only silent.
const ALWAYS_SAID: ReadonlySet<string> = new Set(['kind', 'theme', 'status'])
const LIVING = ['idea', 'forming', 'established', 're_forming']

/**
 * What to ask the directory for so that those who fit best are among the answers, most promising first: all that was asked for, then
 * with each wish alone, then the musts alone, then those who may be silent about a must. Communities of the past are never meant.
 */
export function candidateQueries(answers: readonly Answer[]): DirectoryQuery[] {
  const musts = answers.filter(({ weight }) => weight === 'must')
  const likes = answers.filter(({ weight }) => weight === 'like')
  const words = answers.flatMap(answer => (answer.question === 'words' ? answer.values : []))
  const said = musts.filter(({ question }) => ALWAYS_SAID.has(question))
  const asked: [Record<string, unknown>, number][] = [
    [filters(answers), FIRST],
    ...likes.slice(0, MOST_LIKES).map((like): [Record<string, unknown>, number] => [filters([...musts, like]), FIRST]),
    ...words.map((word): [Record<string, unknown>, number] => [{ ...filters(musts), q: `"${word.replaceAll('"', ' ')}"` }, FIRST]),
    [filters(musts), MOST_CANDIDATES],
    [filters(said), MOST_CANDIDATES],
  ]
  const seen = new Set<string>()
  return asked.flatMap(([parameters, limit]) => {
    const key = JSON.stringify(parameters)
    if (seen.has(key)) return []
    seen.add(key)
    return [{ ...readDirectoryQuery(parameters), sort: 'relevance' as const, limit }]
  })
}

function filters(answers: readonly Answer[]): Record<string, unknown> {
  const wanted: Record<string, unknown> = { status: LIVING }
  for (const answer of answers) {
    if (answer.question === 'near') {
      wanted.near = `${answer.point.latitude},${answer.point.longitude}`
      wanted.within = answer.km
    } else if ('values' in answer && FILTERS.includes(answer.question as Filter)) {
      wanted[answer.question] = accepted(answer.question, answer.values)
    }
  }
  return wanted
}
