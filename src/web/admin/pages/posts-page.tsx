import type { Attachment } from '../../../domain/media.ts'
import type { Post } from '../../../domain/post.ts'
import type { Words } from '../../messages.ts'
import { PostItem } from '../../parts/post-item.tsx'
import { useWords } from '../../parts/use-words.ts'
import { type Voice, VoiceItem } from '../../parts/voice.tsx'
import type { AdminPage } from '../layout.tsx'

type Props = {
  posts: readonly Post[]
  attachments: ReadonlyMap<number, readonly Attachment[]>
  older: number | undefined
  now: Date
}
type HeardProps = { which: 'replies' | 'home'; voices: readonly Voice[]; answered: ReadonlySet<string>; older?: number | undefined }

export function PostTabs({ current }: { current: 'new' | 'own' | 'replies' | 'home' | 'one' }) {
  const { t } = useWords()
  const tabs = { new: '/admin/posts/new', own: '/admin/posts', replies: '/admin/posts/replies', home: '/admin/posts/home' } as const
  return (
    <nav class="tabs" aria-label={t('adminposts.tabs')}>
      <ul>
        {Object.entries(tabs).map(([name, path]) => (
          <li key={name}>
            <a href={path} aria-current={name === current ? 'page' : undefined}>
              {t(`adminposts.tab.${name}`)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

/** Everything the community has said, to whomever. */
export function postsPage(props: Props, { t }: Words): AdminPage {
  return { title: t('adminposts.posts'), path: '/admin/posts', area: 'posts', body: <Own {...props} /> }
}

function Own({ posts, attachments, older, now }: Props) {
  const { t } = useWords()
  return (
    <>
      <PostTabs current="own" />
      {posts.length === 0 && <p class="soft">{t('adminposts.noneYet')}</p>}
      <ul class="things posts">
        {posts.map(post => (
          <li key={post.id}>
            <PostItem post={post} now={now} attachments={attachments.get(post.id)} />
            <p class="inline">
              <span class="status">{t(`adminposts.visibility.${post.visibility}`)}</span>
              <a href={`/admin/posts/${post.id}`}>{t('adminposts.open', { id: post.id })}</a>
              <a href={`/admin/posts/${post.id}/edit`} aria-label={`${t('adminposts.edit')}: ${post.id}`}>
                {t('adminposts.edit')}
              </a>
            </p>
          </li>
        ))}
      </ul>
      <Older path="/admin/posts" older={older} />
    </>
  )
}

/** What others have said: to the community, or as those it follows. */
export function heardPage(props: HeardProps, { t }: Words): AdminPage {
  const { which } = props
  return { title: t(`adminposts.tab.${which}`), path: `/admin/posts/${which}`, area: 'posts', body: <Heard {...props} /> }
}

function Heard({ which, voices, answered, older }: HeardProps) {
  const { t } = useWords()
  return (
    <>
      <PostTabs current={which} />
      {voices.length === 0 && <p class="soft">{t(`adminposts.none.${which}`)}</p>}
      <ul class="things posts">
        {voices.map((voice, at) => (
          <li key={at}>
            <VoiceItem voice={voice} />
            <AnswerLine post={voice.post} answered={answered} />
          </li>
        ))}
      </ul>
      <Older path={`/admin/posts/${which}`} older={older} />
    </>
  )
}

/** The way to an answer, and whether there is one already. */
export function AnswerLine({ post, answered }: { post: Post; answered: ReadonlySet<string> }) {
  const { t } = useWords()
  return (
    <p class="inline">
      <span class="status">{t(`adminposts.visibility.${post.visibility}`)}</span>
      {answered.has(post.iri) && <span class="soft">{t('adminposts.answered')}</span>}
      <a href={`/admin/posts/new?reply=${post.id}`} aria-label={`${t('adminposts.answer')}: ${post.id}`}>
        {t('adminposts.answer')}
      </a>
    </p>
  )
}

function Older({ path, older }: { path: string; older: number | undefined }) {
  const { t } = useWords()
  if (older === undefined) return null
  return (
    <p class="pages">
      <a href={`${path}?before=${older}`} rel="next">
        {t('adminposts.older')}
      </a>
    </p>
  )
}
