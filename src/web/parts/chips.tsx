import { label } from '../../domain/vocabulary.ts'
import { number } from '../../lib/text.ts'
import { type Asked, dropped, type SearchName, searchPath, toggled, valuesOf } from '../search-address.ts'

const MANY = ['theme', 'kind', 'status', 'openToMembers', 'openToVisitors', 'country', 'language'] as const

/** What the search is narrowed by, each with a way to take it away. */
export function Chips({ asked }: { asked: Asked }) {
  const chips = [
    ...(asked.q ? [chip(`“${asked.q}”`, dropped(asked, 'q'))] : []),
    ...MANY.flatMap(name => valuesOf(asked, name).map(value => chip(chipWords(name, value), toggled(asked, name, value)))),
    ...(asked.near ? [chip(`Within ${number(Number(asked.within))} km of ${asked.near}`, dropped(asked, 'near', 'within'))] : []),
    ...(asked.bbox ? [chip('Inside a part of the map', dropped(asked, 'bbox'))] : []),
  ]
  if (chips.length === 0) return null
  return (
    <ul class="chips" aria-label="The search is narrowed by">
      {chips}
      {chips.length > 1 && (
        <li>
          <a class="clear" href="/">
            Clear all
          </a>
        </li>
      )}
    </ul>
  )
}

function chip(words: string, without: Asked) {
  return (
    <li key={words}>
      <a class="chip" href={searchPath(without)} rel="nofollow">
        <span class="unseen">Take away: </span>
        <bdi>{words}</bdi>
        <span aria-hidden="true"> ×</span>
      </a>
    </li>
  )
}

function chipWords(name: SearchName, value: string): string {
  if (name === 'openToMembers') return `New members: ${label(name, value)}`
  if (name === 'openToVisitors') return `Visitors: ${label(name, value)}`
  return label(name, value)
}
