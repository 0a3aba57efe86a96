import type { PledgeCount as Count } from '../../domain/pledge.ts'
import { PledgeCount } from './pledge-count.tsx'
import { useWords } from './use-words.ts'

/** How a visitor can reach a community of this node. */
export type Reach = { handle: string; inquiries: boolean; pledges: Count | undefined }

export function ReachBox({ reach: { handle, inquiries, pledges } }: { reach: Reach }) {
  const { t } = useWords()
  if (!inquiries && !pledges) return null
  return (
    <section class="reach" aria-labelledby="reach">
      <h2 id="reach">{t('inquiry.boxTitle')}</h2>
      {pledges && (
        <>
          <PledgeCount count={pledges} />
          <p>
            <a class="act" href={`/c/${handle}/pledge`}>
              {t('pledge.boxLink')}
            </a>
          </p>
        </>
      )}
      {inquiries && (
        <>
          <p>{t('inquiry.boxHelp')}</p>
          <p>
            <a class="act" href={`/c/${handle}/inquire`}>
              {t('inquiry.boxLink')}
            </a>
          </p>
        </>
      )}
    </section>
  )
}
