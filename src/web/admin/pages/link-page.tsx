import { useWords } from '../../parts/use-words.ts'
import type { AdminPage } from '../layout.tsx'
import { Moment } from '../parts/moment.tsx'

type Props = { title: string; help: string; link: string; expiresAt: Date }

/** A link that works once and is shown once. */
export function linkPage(props: Props): AdminPage {
  return { title: props.title, path: '/admin/stewards', area: 'stewards', body: <Link {...props} /> }
}

function Link({ help, link, expiresAt }: Props) {
  const { t, rich } = useWords()
  return (
    <>
      <p class="notice" role="status">
        {t('stewards.linkOnce')}
      </p>
      <p>{help}</p>
      <p>
        <code class="address" dir="ltr">
          {link}
        </code>
      </p>
      <p class="soft">{rich('stewards.linkUntil', { moment: <Moment date={expiresAt} /> })}</p>
      <p>
        <a href="/admin/stewards">{t('stewards.back')}</a>
      </p>
    </>
  )
}
