import { type Answer, NEARBY_KM, type Question } from '../domain/match-answer.ts'
import { townPoint } from '../domain/town.ts'
import type { Point } from '../lib/geo.ts'
import { pointParameter } from './place-name.ts'

/** The address of a seeker's answers: all there is of them, and nobody keeps it but the browser. */
export function matchPath(answers: readonly Answer[], { edit = false, page = 1 } = {}): string {
  const pairs = answers.flatMap(pairsOf)
  const currency = answers.find(answer => answer.question === 'joinFee' || answer.question === 'regularFee')
  if (currency && 'currency' in currency) pairs.push(['currency', currency.currency])
  const musts = answers.filter(({ weight }) => weight === 'must').map(({ question }) => question)
  if (musts.length > 0) pairs.push(['must', musts.join(',')])
  if (edit) pairs.push(['edit', 'yes'])
  if (page > 1) pairs.push(['page', String(page)])
  const written = pairs.map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll('%2C', ',').replaceAll('%20', '+')}`)
  return written.length > 0 ? `/match?${written.join('&')}` : '/match'
}

function pairsOf(answer: Answer): [string, string][] {
  if (answer.question === 'near') {
    const near: [string, string] = ['near', `${answer.point.latitude},${answer.point.longitude}`]
    return answer.km === NEARBY_KM ? [near] : [near, ['within', String(answer.km)]]
  }
  return [[answer.question, 'values' in answer ? answer.values.join(',') : String(answer.most)]]
}

export function withoutAnswer(answers: readonly Answer[], question: Question): Answer[] {
  return answers.filter(answer => answer.question !== question)
}

/** The form as it was sent, with this place instead of what was typed for it. */
export function chosenPath(given: Readonly<Record<string, unknown>>, place: Point): string {
  const pairs = Object.entries({ ...given, near: pointParameter(townPoint(place)) }).flatMap(([name, value]) =>
    [value].flat().map(one => [name, String(one).slice(0, 200)]),
  )
  return `/match?${new URLSearchParams(pairs)}`
}
