import type { RowPreview } from '../../../actions/blocklist.ts'
import type { Blocklist } from '../../../db/blocklist.ts'
import type { Words } from '../../messages.ts'
import { useWords } from '../../parts/use-words.ts'
import { Plain } from '../../parts/words.tsx'
import type { AdminPage } from '../layout.tsx'
import type { ListSums } from '../moderation-lists.ts'

type Props = { list: Blocklist; rows: readonly RowPreview[]; all: number; skip: number; perPage: number; sums: ListSums }

export function moderationListPage(props: Props, { t }: Words): AdminPage {
  const { list } = props
  return {
    title: t('moderation.listTitle', { name: list.name }),
    path: `/admin/moderation/lists/${list.id}`,
    area: 'moderation',
    body: <List {...props} />,
  }
}

function List({ list, rows, all, skip, perPage, sums }: Props) {
  const { t } = useWords()
  const path = `/admin/moderation/lists/${list.id}`
  return (
    <>
      <p>{t('moderation.listSums', { fresh: sums.fresh, applied: sums.applied, followers: sums.followers, following: sums.following })}</p>
      <form class="form" method="post" action={`${path}/apply`}>
        <ul class="things list-rows">
          {rows.map(row => (
            <li key={row.id}>
              <label class="option">
                <input
                  type="checkbox"
                  name="row"
                  value={String(row.id)}
                  checked={row.state === 'draft' && !row.same}
                  disabled={row.state === 'applied' || row.same}
                />
                <span>
                  <bdi>{row.domain}</bdi> <Kind row={row} />
                </span>
              </label>
              {row.comment && (
                <p class="soft">
                  <Plain>{row.comment}</Plain>
                </p>
              )}
              {row.followers.length + row.following.length > 0 && (
                <p>
                  <strong>{t('moderation.rowCuts', { followers: row.followers.length, following: row.following.length })}</strong>{' '}
                  <Plain>{[...new Set([...row.followers, ...row.following])].slice(0, 5).join(', ')}</Plain>
                </p>
              )}
            </li>
          ))}
        </ul>
        {sums.fresh > 0 && (
          <p class="inline">
            <button type="submit">{t('moderation.applyTicked')}</button>
            {all > perPage && (
              <button type="submit" class="quiet" name="all" value="yes">
                {t('moderation.applyAll', { count: sums.fresh })}
              </button>
            )}
          </p>
        )}
      </form>
      {all > perPage && (
        <p class="pages">
          {skip > 0 && <a href={`${path}?skip=${Math.max(0, skip - perPage)}`}>{t('moderation.before')}</a>}
          {skip + perPage < all && <a href={`${path}?skip=${skip + perPage}`}>{t('moderation.after')}</a>}
        </p>
      )}
      <div class="inline">
        {sums.applied > 0 && (
          <form method="post" action={`${path}/undo`}>
            <button type="submit" class="quiet">
              {t('moderation.undoList', { count: sums.applied })}
            </button>
          </form>
        )}
        <form method="post" action={`${path}/drop`}>
          <button type="submit" class="quiet">
            {t('moderation.drop')}
          </button>
        </form>
        <a href="/admin/moderation/lists">{t('moderation.lists')}</a>
      </div>
      <p class="soft">{t('moderation.dropHelp')}</p>
    </>
  )
}

function Kind({ row }: { row: RowPreview }) {
  const { t } = useWords()
  const how = t(row.severity === 'limit' ? 'moderation.limit' : 'moderation.suspend')
  const state = row.state === 'applied' ? t('moderation.isApplied') : row.same ? t('moderation.isBlocked') : ''
  return <span class="soft">{[how, state].filter(Boolean).join(' · ')}</span>
}
