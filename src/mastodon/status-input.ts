import { postingOf } from '../db/posting.ts'
import { isLanguage, type Visibility } from '../domain/post.ts'
import { type Call, stewardOf } from './call.ts'
import { flag, type Input, id, text } from './input.ts'

const VISIBILITIES: Record<string, Visibility> = { public: 'public', unlisted: 'unlisted', private: 'followers', direct: 'direct' }

/** Whom a post is for. Words nobody here knows are taken to mean few rather than many. */
export function visibilityOf(input: Input, name = 'visibility'): Visibility | undefined {
  const word = text(input, name)
  return word ? (VISIBILITIES[word] ?? 'followers') : undefined
}

/** A language as apps name it: those that are none are as good as not said. */
export function languageOf(input: Input): string | undefined {
  const tag = text(input, 'language')
  return tag && isLanguage(tag) ? tag : undefined
}

/** How a post goes out: as the app says, else as its steward has chosen. An answer for a few stays with them, whatever was chosen. */
export function mannerOf(call: Call): { visibility?: Visibility; sensitive: boolean; language?: string } {
  const { ctx, input } = call
  const chosen = postingOf(ctx.db, stewardOf(call))
  const visibility = visibilityOf(input) ?? (id(input, 'in_reply_to_id') === undefined ? chosen.visibility : undefined)
  const language = languageOf(input) ?? chosen.language
  return {
    sensitive: flag(input, 'sensitive') ?? chosen.sensitive,
    ...(visibility ? { visibility } : {}),
    ...(language ? { language } : {}),
  }
}
