import { readPoint } from '../../domain/match-answer.ts'
import { placeName } from '../place-name.ts'
import { type Asked, dropped, type SearchName, searchPath, toggled, valuesOf } from '../search-address.ts'
import { useLabel } from './label.ts'
import { useWords } from './use-words.ts'

const MANY = ['theme', 'kind', 'status', 'openToMembers', 'openToVisitors', 'country', 'language'] as const

/** What the search is narrowed by, each with a way to take it away. */
export function Chips({ asked }: { asked: Asked }) {
  const words = useWords()
  const { t } = words
  const wordsFor = useChipWords()
  const point = asked.near === undefined ? undefined : readPoint(asked.near)
  const chips = [
    ...(asked.q ? [{ words: t('search.quoted', { words: asked.q }), without: dropped(asked, 'q') }] : []),
    ...MANY.flatMap(name => valuesOf(asked, name).map(value => ({ words: wordsFor(name, value), without: toggled(asked, name, value) }))),
    ...(point
      ? [{ words: t('search.within', { km: Number(asked.within), place: placeName(words, point) }), without: withoutNear(asked) }]
      : []),
    ...(asked.bbox ? [{ words: t('search.inBox'), without: dropped(asked, 'bbox') }] : []),
  ]
  if (chips.length === 0) return null
  return (
    <ul class="chips" aria-label={t('search.narrowedBy')}>
      {chips.map(({ words, without }) => (
        <li key={words}>
          <a class="chip" href={searchPath(without)} rel="nofollow">
            <span class="unseen">{t('search.takeAway')} </span>
            <bdi>{words}</bdi>
            <span aria-hidden="true"> ×</span>
          </a>
        </li>
      ))}
      {chips.length > 1 && (
        <li>
          <a class="clear" href="/">
            {t('search.clear')}
          </a>
        </li>
      )}
    </ul>
  )
}

const withoutNear = (asked: Asked) => dropped(asked, 'near', 'within', ...(asked.sort === 'distance' ? (['sort'] as const) : []))

function useChipWords(): (name: SearchName, value: string) => string {
  const { t } = useWords()
  const label = useLabel()
  return (name, value) => {
    const words = label(name, value)
    if (name === 'openToMembers') return t('search.membersAre', { value: words })
    return name === 'openToVisitors' ? t('search.visitorsAre', { value: words }) : words
  }
}
