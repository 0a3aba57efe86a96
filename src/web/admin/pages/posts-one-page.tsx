import type { Attachment } from '../../../domain/media.ts'
import { isOpen, type Post } from '../../../domain/post.ts'
import type { Words } from '../../messages.ts'
import { Pictures } from '../../parts/pictures.tsx'
import { PostItem } from '../../parts/post-item.tsx'
import { useWords } from '../../parts/use-words.ts'
import { type Voice, VoiceItem } from '../../parts/voice.tsx'
import type { AdminPage } from '../layout.tsx'
import { TextField } from '../parts/form.tsx'
import { AnswerLine, PostTabs } from './posts-page.tsx'

type Props = {
  post: Post
  attachments: readonly Attachment[] | undefined
  before: readonly Voice[]
  after: readonly Voice[]
  answered: ReadonlySet<string>
  reactions: { likes: number; boosts: number }
  typed: { number?: string; fault?: string }
  now: Date
}

/** One post of the community: what it answers, what was said to it, and what can be done with it. */
export function postAdminPage(props: Props, { t }: Words): AdminPage {
  const { post, typed } = props
  const wrong = typed.fault !== undefined
  return { title: t('adminposts.open', { id: post.id }), path: `/admin/posts/${post.id}`, area: 'posts', wrong, body: <One {...props} /> }
}

function One({ post, attachments, before, after, answered, reactions, typed, now }: Props) {
  const { t } = useWords()
  const path = `/admin/posts/${post.id}`
  return (
    <>
      <PostTabs current="one" />
      {before.map((voice, at) => (
        <VoiceItem key={at} voice={voice} />
      ))}
      <div class="this-post">
        <PostItem post={post} now={now} attachments={attachments} />
        {/* Of an article a list shows the beginning alone. */}
        {post.type === 'Article' && <Pictures attachments={attachments} covered={post.sensitive} />}
        <p class="inline">
          <span class="status">{t(`adminposts.visibility.${post.visibility}`)}</span>
          <span>{t('post.likes', { count: reactions.likes })}</span>
          <span>{t('post.boosts', { count: reactions.boosts })}</span>
        </p>
        <div class="inline">
          <a class="act" href={`${path}/edit`}>
            {t('adminposts.edit')}
          </a>
          {isOpen(post) && (
            <form method="post" action={`${path}/${post.pinnedAt ? 'unpin' : 'pin'}`}>
              <button type="submit" class="quietly">
                {t(post.pinnedAt ? 'adminposts.unpin' : 'adminposts.pin')}
              </button>
            </form>
          )}
        </div>
        <Delete path={path} post={post} typed={typed} />
      </div>
      <section aria-labelledby="replies">
        <h2 id="replies">{t('adminposts.repliesTo', { count: after.length })}</h2>
        <ul class="things posts">
          {after.map((voice, at) => (
            <li key={at}>
              <VoiceItem voice={voice} />
              {!voice.post.local && <AnswerLine post={voice.post} answered={answered} />}
            </li>
          ))}
        </ul>
      </section>
    </>
  )
}

function Delete({ path, post, typed }: { path: string } & Pick<Props, 'post' | 'typed'>) {
  const { t, rich } = useWords()
  return (
    <details open={typed.number !== undefined}>
      <summary>{t('adminposts.delete')}</summary>
      <form class="form" method="post" action={`${path}/delete`}>
        <p>{t('adminposts.deleteHelp')}</p>
        <TextField
          name="number"
          label={rich('adminposts.typeNumber', { number: <strong>{post.id}</strong> })}
          value={typed.number}
          faults={typed.fault ? [{ field: 'number', text: typed.fault }] : []}
          autocomplete="off"
          required
        />
        <p>
          <button type="submit" class="danger">
            {t('adminposts.delete')}
          </button>
        </p>
      </form>
    </details>
  )
}
