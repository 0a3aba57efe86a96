import type { PledgeCount as Count } from '../../domain/pledge.ts'
import { useWords } from './use-words.ts'

/** How many would come, of how many that are needed. */
export function PledgeCount({ count: { count, need, reachedAt } }: { count: Count }) {
  const { t } = useWords()
  return (
    <div class="pledge-count">
      <p>
        <strong>{t('pledge.count', { count, need })}</strong>
      </p>
      <meter min={0} max={need} value={Math.min(count, need)} aria-label={t('pledge.meter')} />
      {reachedAt && <p>{t('pledge.reached')}</p>}
    </div>
  )
}
