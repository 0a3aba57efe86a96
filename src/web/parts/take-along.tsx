import type { DirectoryEntry } from '../../domain/directory.ts'
import { communityPath } from '../community-path.ts'
import { spokenPath } from '../locale.ts'
import { useWords } from './use-words.ts'

const FORMS = [
  ['feed.atom', 'application/atom+xml', 'takeAtom'],
  ['feed.json', 'application/feed+json', 'takeJson'],
  ['card.vcf', 'text/vcard', 'takeVcard'],
] as const

/** The same in forms that other programs read. */
export function TakeAlong({ entry }: { entry: DirectoryEntry }) {
  const { t, locale } = useWords()
  return (
    <nav class="take-along" aria-label={t('profile.feed.take')}>
      <ul>
        {FORMS.map(([name, type, key]) => (
          <li key={name}>
            <a href={spokenPath(`${communityPath(entry)}/${name}`, locale)} type={type} rel="nofollow">
              {t(`profile.feed.${key}`)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}
