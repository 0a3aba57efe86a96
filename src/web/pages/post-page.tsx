import type { Post } from '../../domain/post.ts'
import { htmlToText } from '../../lib/sanitise.ts'
import { counted, day, shortened } from '../../lib/text.ts'
import type { Page } from '../layout.tsx'
import { KindFacts } from '../parts/kind-facts.tsx'
import { PostText } from '../parts/post-item.tsx'
import { type Voice, VoiceItem } from '../parts/voice.tsx'
import { Day, Name, WebLink } from '../parts/words.tsx'

type PostPage = {
  post: Post
  path: string
  author: { handle: string; name: string }
  reactions: { likes: number; boosts: number }
  /** What it answers, if that is for everybody too, and what was said to it. */
  answered?: Voice | undefined
  replies: readonly Voice[]
  now: Date
}

export function postPage({ post, path, author, reactions, answered, replies, now }: PostPage): Page {
  const words = post.summary ?? htmlToText(post.content)
  const title = post.name ?? `${author.name}, ${day(post.publishedAt)}`
  return {
    title,
    description: words,
    canonical: path,
    kind: 'article',
    section: 'home',
    activity: post.iri,
    body: (
      <article class="post single">
        <p class="crumbs">
          <a href={`/c/${author.handle}`}>
            <Name>{author.name}</Name>
          </a>{' '}
          / Post
        </p>
        <h1 class={post.name ? undefined : 'quiet'} dir="auto">
          {shortened(title, 200)}
        </h1>
        {answered ? (
          <section class="conversation" aria-label="What this answers">
            <VoiceItem voice={answered} />
          </section>
        ) : (
          post.inReplyTo && (
            <p class="soft">
              An answer to <WebLink href={post.inReplyTo} />
            </p>
          )
        )}
        <PostText post={post} />
        <KindFacts post={post} now={now} />
        <p class="post-foot">
          <Day date={post.publishedAt} />
          {post.updatedAt && (
            <span>
              changed on <Day date={post.updatedAt} />
            </span>
          )}
          {reactions.likes > 0 && <span>{counted(reactions.likes, 'like', 'likes')}</span>}
          {reactions.boosts > 0 && <span>{counted(reactions.boosts, 'boost', 'boosts')}</span>}
          <a href={`/c/${author.handle}#posts`}>More posts</a>
        </p>
        {replies.length > 0 && (
          <section class="conversation" aria-labelledby="replies">
            <h2 id="replies">{counted(replies.length, 'reply', 'replies')}</h2>
            {replies.map(voice => (
              <VoiceItem key={voice.post.id} voice={voice} />
            ))}
          </section>
        )}
      </article>
    ),
  }
}
