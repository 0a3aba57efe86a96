import type { Charter } from '../../domain/charter.ts'
import { areaWords, feeWords, labels, yearWords } from '../../domain/charter-words.ts'
import { VOCABULARY } from '../../domain/vocabulary.ts'
import { number } from '../../lib/text.ts'
import { Prose } from './prose.tsx'
import { Plain, WebLink } from './words.tsx'

const MARKDOWN = new Set(['membershipProcess', 'visitorProcess'])
const YEARS = new Set(['startedPlanning', 'startedLivingTogether', 'disbanded'])

/** The value of one field of a charter, whatever field it is. */
export function CharterField({ name, value }: { name: string; value: unknown }) {
  if (name === 'joinFee' || name === 'regularFee') return <>{feeWords(value as Charter['regularFee'])}</>
  if (name === 'landArea') return <>{areaWords({ landArea: value } as Charter)}</>
  if (name === 'trialPeriodMonths') return <>{number(Number(value))} months</>
  if (typeof value === 'number') return <>{YEARS.has(name) ? yearWords(value) : number(value)}</>
  if (name === 'website') return <WebLink href={String(value)} />
  if (MARKDOWN.has(name)) return <Prose markdown={String(value)} />
  if (Object.hasOwn(VOCABULARY, name) || Array.isArray(value)) return <>{labels(name, value as string | string[])}</>
  return <Plain>{String(value)}</Plain>
}
