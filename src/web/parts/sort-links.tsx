import { SORTS } from '../../domain/directory-query.ts'
import { type Asked, dropped, searchPath } from '../search-address.ts'
import { useWords } from './use-words.ts'

/** The orders that make sense for this search. The first is the one taken unasked. */
export function SortLinks({ asked }: { asked: Asked }) {
  const { t } = useWords()
  const unasked = asked.q ? 'relevance' : asked.near ? 'distance' : 'name'
  const possible = SORTS.filter(sort => (sort !== 'relevance' || asked.q) && (sort !== 'distance' || asked.near))
  const order = possible.find(sort => sort === asked.sort) ?? unasked
  return (
    <nav class="sort" aria-label={t('search.order')}>
      <span aria-hidden="true">{t('search.by')}</span>
      <ul>
        {possible.map(sort => (
          <li key={sort}>
            <a
              href={searchPath({ ...dropped(asked, 'sort'), ...(sort === unasked ? {} : { sort }) })}
              aria-current={sort === order || undefined}
              rel="nofollow"
            >
              {t(`search.sort.${sort}`)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}
