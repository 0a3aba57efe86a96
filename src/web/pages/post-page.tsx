import type { Post } from '../../domain/post.ts'
import { htmlToText } from '../../lib/sanitise.ts'
import { counted, day, shortened } from '../../lib/text.ts'
import type { Page } from '../layout.tsx'
import { PostText } from '../parts/post-item.tsx'
import { Day, Name } from '../parts/words.tsx'

type PostPage = { post: Post; path: string; author: { handle: string; name: string }; reactions: { likes: number; boosts: number } }

export function postPage({ post, path, author, reactions }: PostPage): Page {
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
        <PostText post={post} />
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
      </article>
    ),
  }
}
