import type { Charter } from '../../domain/charter.ts'
import { VOCABULARY } from '../../domain/vocabulary.ts'
import { charterWords } from '../charter-words.ts'
import { Prose } from './prose.tsx'
import { useWords } from './use-words.ts'
import { Plain, WebLink } from './words.tsx'

const MARKDOWN = new Set(['membershipProcess', 'visitorProcess'])
const YEARS = new Set(['startedPlanning', 'startedLivingTogether', 'disbanded'])

/** The value of one field of a charter, whatever field it is. */
export function CharterField({ name, value }: { name: string; value: unknown }) {
  const words = useWords()
  const { area, fee, labels, year } = charterWords(words)
  if (name === 'joinFee' || name === 'regularFee') return <>{fee(value as Charter['regularFee'])}</>
  if (name === 'landArea') return <>{area({ landArea: value } as Charter)}</>
  if (name === 'trialPeriodMonths') return <>{words.t('charter.months', { count: Number(value) })}</>
  if (typeof value === 'number') return <>{YEARS.has(name) ? year(value) : words.number(value)}</>
  if (name === 'website') return <WebLink href={String(value)} />
  if (MARKDOWN.has(name)) return <Prose markdown={String(value)} />
  if (Object.hasOwn(VOCABULARY, name) || Array.isArray(value)) return <>{labels(name, value as string | string[])}</>
  return <Plain>{String(value)}</Plain>
}
