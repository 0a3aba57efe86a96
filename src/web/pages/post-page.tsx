import type { Attachment } from '../../domain/media.ts'
import type { Post } from '../../domain/post.ts'
import { htmlToText } from '../../lib/sanitise.ts'
import { shortened } from '../../lib/text.ts'
import type { Page } from '../layout.tsx'
import type { Words } from '../messages.ts'
import { PostText } from '../parts/post-item.tsx'
import { type Voice, VoiceItem } from '../parts/voice.tsx'
import { Day, Name, WebLink } from '../parts/words.tsx'

type PostPage = {
  post: Post
  attachments: readonly Attachment[]
  path: string
  author: { handle: string; name: string }
  reactions: { likes: number; boosts: number }
  /** What it answers, if that is for everybody too, and what was said to it. */
  answered?: Voice | undefined
  replies: readonly Voice[]
  now: Date
  words: Words
}

export function postPage({ post, attachments, path, author, reactions, answered, replies, now, words }: PostPage): Page {
  const { t, rich } = words
  const description = post.summary ?? htmlToText(post.content)
  const title = post.name ?? t('post.titleBy', { name: author.name, day: words.day(post.publishedAt) })
  return {
    title,
    description,
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
          / {t('post.post')}
        </p>
        <h1 class={post.name ? undefined : 'quiet'} dir="auto">
          {shortened(title, 200)}
        </h1>
        {answered ? (
          <section class="conversation" aria-label={t('post.answersWhat')}>
            <VoiceItem voice={answered} />
          </section>
        ) : (
          post.inReplyTo && <p class="soft">{rich('post.answerTo', { address: <WebLink href={post.inReplyTo} /> })}</p>
        )}
        <PostText post={post} attachments={attachments} now={now} />
        <p class="post-foot">
          <Day date={post.publishedAt} />
          {post.updatedAt && <span>{rich('post.changed', { day: <Day date={post.updatedAt} /> })}</span>}
          {reactions.likes > 0 && <span>{t('post.likes', { count: reactions.likes })}</span>}
          {reactions.boosts > 0 && <span>{t('post.boosts', { count: reactions.boosts })}</span>}
          <a href={`/c/${author.handle}#posts`}>{t('post.more')}</a>
        </p>
        {replies.length > 0 && (
          <section class="conversation" aria-labelledby="replies">
            <h2 id="replies">{t('post.replies', { count: replies.length })}</h2>
            {replies.map(voice => (
              <VoiceItem key={voice.post.id} voice={voice} />
            ))}
          </section>
        )}
      </article>
    ),
  }
}
