import type { FacetCount } from '../../domain/directory.ts'
import { VOCABULARY } from '../../domain/vocabulary.ts'
import { type Asked, type SearchName, searchPath, toggled, valuesOf } from '../search-address.ts'
import { useLabel } from './label.ts'
import { themeClass } from './theme.tsx'
import { useWords } from './use-words.ts'

type Props = {
  asked: Asked
  name: SearchName
  title: string
  counts: readonly FacetCount[]
  /** How many values are shown at once; the others can be unfolded. */
  few: number
}

/** The values of one field, each a link that adds it to the search or takes it away. */
export function FacetGroup({ asked, name, title, counts, few }: Props) {
  const { t } = useWords()
  const chosen = valuesOf(asked, name)
  const found = [...chosen.filter(value => !counts.some(count => count.value === value)).map(value => ({ value, count: 0 })), ...counts]
  const shown = inOwnOrder(name, found)
  if (shown.length === 0) return null
  const first = shown.filter(({ value }, place) => place < few || chosen.includes(value))
  const rest = shown.filter(choice => !first.includes(choice))
  const choices = (list: readonly FacetCount[]) => (
    <ul class="choices">
      {list.map(({ value, count }) => (
        <li key={value}>
          <Choice asked={asked} name={name} value={value} count={count} chosen={chosen.includes(value)} />
        </li>
      ))}
    </ul>
  )
  return (
    <section class="facet" aria-label={title}>
      <h2>{title}</h2>
      {choices(first)}
      {rest.length > 0 && (
        <details>
          <summary>{t('search.more', { count: rest.length })}</summary>
          {choices(rest)}
        </details>
      )}
    </section>
  )
}

// A ranking by number would put some themes before others, and a life does not begin with its most frequent stage.
function inOwnOrder(name: SearchName, counts: readonly FacetCount[]): readonly FacetCount[] {
  if (name !== 'theme' && name !== 'status') return counts
  const order: readonly string[] = VOCABULARY[name]
  const place = ({ value }: FacetCount) => (order.includes(value) ? order.indexOf(value) : order.length)
  return counts.toSorted((a, b) => place(a) - place(b))
}

function Choice({ asked, name, value, count, chosen }: { asked: Asked; name: SearchName; value: string; count: number; chosen: boolean }) {
  const { number } = useWords()
  const label = useLabel()
  return (
    <a
      class={`choice ${name === 'theme' ? themeClass(value) : ''}`}
      href={searchPath(toggled(asked, name, value))}
      aria-current={chosen || undefined}
      rel="nofollow"
    >
      <span class={name === 'theme' ? 'theme' : undefined}>{label(name, value)}</span> <span class="count">{number(count)}</span>
    </a>
  )
}
