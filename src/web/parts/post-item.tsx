import type { Attachment } from '../../domain/media.ts'
import type { Post } from '../../domain/post.ts'
import { htmlToText } from '../../lib/sanitise.ts'
import { shortened } from '../../lib/text.ts'
import { KindFacts } from './kind-facts.tsx'
import { Pictures } from './pictures.tsx'
import { Prose } from './prose.tsx'
import { useWords } from './use-words.ts'
import { Day, Plain, WebLink } from './words.tsx'

/** One note or article in a list. Ours link to their page here, others to the one at their origin. */
export function PostItem({ post, now, attachments }: { post: Post; now: Date; attachments?: readonly Attachment[] | undefined }) {
  const { t, rich } = useWords()
  return (
    <article class="post">
      {post.name && <h3 dir="auto">{shortened(post.name, 200)}</h3>}
      {post.type === 'Article' ? (
        <p dir="auto">{shortened(htmlToText(post.summary ?? post.content), 320)}</p>
      ) : (
        <PostText post={post} attachments={attachments} now={now} />
      )}
      <p class="post-foot">
        {post.local ? (
          <a href={post.url}>
            <Day date={post.publishedAt} />
          </a>
        ) : (
          <WebLink href={post.url}>
            <Day date={post.publishedAt} />
          </WebLink>
        )}
        {post.pinnedAt && <span>{t('post.pinned')}</span>}
        {post.inReplyTo && <span>{t('post.reply')}</span>}
        {post.updatedAt && <span>{rich('post.changed', { day: <Day date={post.updatedAt} /> })}</span>}
      </p>
    </article>
  )
}

type TextProps = {
  post: Post
  attachments?: readonly Attachment[] | undefined
  /** Given where it is also said how a question stands, or when an event is. */
  now?: Date
}

/** The words of a post, and what it carries; behind its warning, if it has one. */
export function PostText({ post, attachments, now }: TextProps) {
  const facts = now && <KindFacts post={post} now={now} />
  if (!post.summary)
    return (
      <>
        <Prose html={post.content} />
        <Pictures attachments={attachments} covered={post.sensitive} />
        {facts}
      </>
    )
  return (
    <>
      <details class="warned">
        <summary>
          <Plain most={300}>{post.summary}</Plain>
        </summary>
        <Prose html={post.content} />
        <Pictures attachments={attachments} covered={false} />
        {post.type === 'Question' && facts}
      </details>
      {post.type === 'Event' && facts}
    </>
  )
}
