import type { DirectoryEntry } from '../../domain/directory.ts'
import { FollowForm } from './follow-form.tsx'
import { useWords } from './use-words.ts'

/** How to hear from a community: from one's own server, or by its address and what to do with it. */
export function FollowBox({ entry }: { entry: DirectoryEntry }) {
  const { t } = useWords()
  return (
    <section class="follow" aria-labelledby="follow">
      <h2 id="follow">{t('community.follow')}</h2>
      <FollowForm entry={entry} />
      <p class="address-head">
        <span>{t('community.address')}</span>
        <button type="button" data-copy="address" data-copied={t('community.copied')} hidden>
          {t('community.copy')}
        </button>
      </p>
      <code class="address" id="address" dir="ltr">
        @{entry.handle}
        <wbr />@{entry.host}
      </code>
      <details class="by-hand">
        <summary>{t('community.followByHand')}</summary>
        <ol>
          <li>{t('community.followCopy')}</li>
          <li>{t('community.followPaste')}</li>
          <li>{t('community.followPress')}</li>
        </ol>
      </details>
    </section>
  )
}
