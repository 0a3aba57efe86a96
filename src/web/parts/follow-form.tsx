import { address, type DirectoryEntry } from '../../domain/directory.ts'
import type { FollowHindrance } from '../follow.ts'
import { useWords } from './use-words.ts'

type Props = { entry: Pick<DirectoryEntry, 'handle' | 'host'>; typed?: string | undefined; fault?: FollowHindrance | undefined }

/** Where somebody types their own handle, to follow from their own server. */
export function FollowForm({ entry, typed, fault }: Props) {
  const { t } = useWords()
  return (
    <form class="follow-form" method="post" action="/follow">
      <input type="hidden" name="community" value={address(entry)} />
      <label for="own-handle">{t('community.followFrom')}</label>
      <div class="row">
        <input
          id="own-handle"
          name="handle"
          value={typed}
          maxLength={400}
          required
          dir="ltr"
          autoComplete="off"
          autoCapitalize="off"
          spellcheck={false}
          placeholder="@you@your.server"
          aria-invalid={fault ? true : undefined}
          aria-describedby={fault ? 'own-handle-wrong' : 'own-handle-help'}
        />
        <button type="submit">{t('community.followGo')}</button>
      </div>
      {fault ? (
        <p class="wrong" id="own-handle-wrong">
          {t(`community.followFault.${fault}`)}
        </p>
      ) : (
        <p class="soft" id="own-handle-help">
          {t('community.followFromHelp')}
        </p>
      )}
    </form>
  )
}
