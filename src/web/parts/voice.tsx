import type { Attachment } from '../../domain/media.ts'
import type { Post } from '../../domain/post.ts'
import { PostText } from './post-item.tsx'
import { useWords } from './use-words.ts'
import { Day, Plain, WebLink } from './words.tsx'

/** One post of a conversation and who said it. */
export type Voice = { post: Post; depth: number; name: string; address: string; attachments?: readonly Attachment[] | undefined }

const DEEPEST_SHOWN = 4

/** What somebody said before or after a post of ours. Words of others lead to where they were said. */
export function VoiceItem({ voice: { post, depth, name, address, attachments } }: { voice: Voice }) {
  const { rich } = useWords()
  return (
    <article class={`post reply deep-${Math.min(depth, DEEPEST_SHOWN)}`}>
      <p class="voice">
        <Plain most={120}>{name}</Plain>{' '}
        <span class="handle">
          <Plain most={120}>{address}</Plain>
        </span>
      </p>
      <PostText post={post} attachments={attachments} />
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
        {post.updatedAt && <span>{rich('post.changed', { day: <Day date={post.updatedAt} /> })}</span>}
      </p>
    </article>
  )
}
