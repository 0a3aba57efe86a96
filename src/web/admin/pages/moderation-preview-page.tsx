import type { BlockPreview, Named } from '../../../db/block-preview.ts'
import type { Block } from '../../../domain/block.ts'
import type { Words } from '../../messages.ts'
import { useWords } from '../../parts/use-words.ts'
import { Plain } from '../../parts/words.tsx'
import type { AdminPage } from '../layout.tsx'
import type { Target } from '../moderation.ts'
import { TextField } from '../parts/form.tsx'

type Props = { target: Target; preview: BlockPreview; standing: Block | undefined }

export function moderationPreviewPage(props: Props, { t }: Words): AdminPage {
  const who = props.target.kind === 'domain' ? props.target.target : props.target.address
  return {
    title: t('moderation.previewTitle', { who }),
    path: '/admin/moderation/preview',
    area: 'moderation',
    body: <Preview {...props} />,
  }
}

function Preview({ target, preview, standing }: Props) {
  const { t } = useWords()
  const { followers, following, entries, peers, relays, posts, reactions, deliveries } = preview
  const named: [string, Named][] = [
    ['followers', followers],
    ['following', following],
    ['entries', entries],
    ['peers', peers],
    ['relays', relays],
  ]
  const counted: [string, number][] = [
    ['posts', posts],
    ['reactions', reactions],
    ['deliveries', deliveries],
  ]
  const limit = target.kind === 'domain' && target.severity === 'limit'
  return (
    <>
      {standing && (
        <p class="notice">
          {t('moderation.already', { how: t(standing.severity === 'limit' ? 'moderation.limit' : 'moderation.suspend') })}
        </p>
      )}
      <p>{t(limit ? 'moderation.limitHelp' : 'moderation.suspendHelp')}</p>
      <h2>{t('moderation.cuts')}</h2>
      <dl class="facts">
        {named.map(([name, { count, first }]) => (
          <div key={name}>
            <dt>{t(`moderation.cut.${name}`)}</dt>
            <dd>
              {t('moderation.number', { count })}
              {first.length > 0 && (
                <span class="soft">
                  {' '}
                  <Plain>{`${first.join(', ')}${count > first.length ? ', …' : ''}`}</Plain>
                </span>
              )}
            </dd>
          </div>
        ))}
        {counted.map(([name, count]) => (
          <div key={name}>
            <dt>{t(`moderation.cut.${name}`)}</dt>
            <dd>{t('moderation.number', { count })}</dd>
          </div>
        ))}
      </dl>
      <p>{t(target.kind === 'actor' ? 'moderation.undoActor' : 'moderation.undoDomain')}</p>
      <form class="form" method="post" action="/admin/moderation/block">
        <input type="hidden" name="who" value={target.target} />
        {target.kind === 'domain' && <input type="hidden" name="severity" value={target.severity} />}
        {target.kind === 'domain' && (
          <TextField
            name="comment"
            label={t('moderation.comment')}
            help={t('moderation.commentHelp')}
            value={standing?.comment}
            most={500}
          />
        )}
        <TextField name="note" label={t('moderation.note')} help={t('moderation.noteHelp')} value={standing?.note} most={500} />
        <p class="inline">
          <button type="submit">{t(limit ? 'moderation.doLimit' : 'moderation.doBlock')}</button>
          <a href="/admin/moderation">{t('moderation.leave')}</a>
        </p>
      </form>
    </>
  )
}
