import type { PledgeCount as Count, Pledge } from '../../domain/pledge.ts'
import type { Page } from '../layout.tsx'
import type { Words } from '../messages.ts'
import { PledgeCount } from '../parts/pledge-count.tsx'
import { CommunityCrumb, KeepAddress } from '../parts/private-page.tsx'
import { useWords } from '../parts/use-words.ts'
import { Name } from '../parts/words.tsx'
import type { Site } from '../site.ts'
import { messagePage } from './message-page.tsx'

type Props = { pledge: Pledge; community: { handle: string; name: string }; count: Count | undefined; token: string; site: Site }

/** Somebody's own pledge, with how far it has come; only who has its address sees it. */
export function ownPledgePage(props: Props): Page {
  const { t } = props.site.words
  return {
    title: t('pledge.ownTitle'),
    description: '',
    canonical: `/c/${props.community.handle}/pledge`,
    unlisted: true,
    body: <OwnPledge {...props} />,
  }
}

function OwnPledge({ pledge, community, count, token, site }: Props) {
  const { t, rich } = useWords()
  return (
    <article class="inquire">
      <CommunityCrumb handle={community.handle} name={community.name} />
      <h1>{rich('pledge.ownHeading', { name: <Name>{community.name}</Name> })}</h1>
      {count?.reachedAt && (
        <div class="notice">
          <p>
            <strong>{t('pledge.ownReached')}</strong>
          </p>
        </div>
      )}
      {pledge.held && <p class="soft">{t('pledge.isHeld')}</p>}
      {count ? <PledgeCount count={count} /> : <p>{t('pledge.none')}</p>}
      <KeepAddress words={t('pledge.keepAddress')} address={`${site.origin}/pledges/${token}`} />
      <form method="post" action={`/pledges/${token}/withdraw`} class="deed">
        <p>{t('pledge.withdrawHelp')}</p>
        <button type="submit" class="quietly">
          {t('pledge.withdraw')}
        </button>
      </form>
    </article>
  )
}

/** After a pledge was taken back. */
export function withdrawnPage({ t }: Words): Page {
  return messagePage({ title: t('pledge.withdrawnTitle'), words: t('pledge.withdrawn'), path: '/pledges/withdrawn' })
}
