import type { Town } from '../../domain/town.ts'
import { townWords } from '../place-name.ts'
import { useWords } from './use-words.ts'

/** Towns of one name, each a link that says that it is meant. */
export function TownChoice({ towns }: { towns: readonly { town: Town; path: string }[] }) {
  const words = useWords()
  const { t } = words
  return (
    <ul class="towns">
      {towns.map(({ town, path }) => (
        <li key={path}>
          <a href={path} rel="nofollow">
            <bdi>{townWords(words, town)}</bdi>
          </a>{' '}
          <span class="soft">
            {[
              town.near && t('search.townNear', { town: town.near }),
              town.population > 0 && t('search.townPeople', { count: town.population }),
            ]
              .filter(Boolean)
              .join(' · ')}
          </span>
        </li>
      ))}
    </ul>
  )
}
