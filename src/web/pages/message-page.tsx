import type { Problem } from '../../domain/refusal.ts'
import type { Page } from '../layout.tsx'
import { useWords } from '../parts/use-words.ts'

type Props = { title: string; words: string; path: string; problems?: readonly Problem[] }

/** A page that says what went wrong, or what is not here, and where to go on. */
export function messagePage({ title, words, path, problems = [] }: Props): Page {
  return {
    title,
    description: words,
    canonical: path,
    unlisted: true,
    body: <Message title={title} words={words} problems={problems} />,
  }
}

function Message({ title, words, problems }: Required<Omit<Props, 'path'>>) {
  const { t } = useWords()
  return (
    <div class="message">
      <h1>{title}</h1>
      <p>{words}</p>
      {problems.length > 0 && (
        <ul>
          {problems.map(({ path: place, message }) => (
            <li key={place + message}>
              <code>{place}</code> {message}
            </li>
          ))}
        </ul>
      )}
      <p class="pages">
        <a href="/">{t('layout.searchDirectory')}</a>
      </p>
    </div>
  )
}
