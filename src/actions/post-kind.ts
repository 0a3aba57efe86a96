import type { Context } from '../context.ts'
import type { Post } from '../domain/post.ts'
import { checkArticle, checkEvent, checkQuestion, type NewPost } from '../domain/post-kind.ts'
import { type Draft, publishPost } from './post.ts'

/** What else an article, an event or a question may be: all that a note may. */
type More = Omit<Draft, 'type' | 'name' | 'details'>

/** @throws Refusal when title or text is missing or too long, or as `publishPost` does */
export function publishArticle(ctx: Context, article: Parameters<typeof checkArticle>[0], more?: More): Post {
  return publish(ctx, checkArticle(article), more)
}

/** @throws Refusal when times, place or title are missing or wrong, or as `publishPost` does */
export function publishEvent(ctx: Context, event: Parameters<typeof checkEvent>[0], more?: More): Post {
  return publish(ctx, checkEvent(event), more)
}

/** @throws Refusal when options or closing time are wrong, or as `publishPost` does */
export function askQuestion(ctx: Context, question: Parameters<typeof checkQuestion>[0], more?: More): Post {
  return publish(ctx, checkQuestion(question, ctx.now()), more)
}

function publish(ctx: Context, { source, ...kind }: NewPost, more: More = {}): Post {
  return publishPost(ctx, source, { ...more, ...kind })
}
