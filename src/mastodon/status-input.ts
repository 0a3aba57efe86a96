import { isLanguage, type Visibility } from '../domain/post.ts'
import { type Input, text } from './input.ts'

const VISIBILITIES: Record<string, Visibility> = { public: 'public', unlisted: 'unlisted', private: 'followers', direct: 'direct' }

/** Whom a post is for. Words nobody here knows are taken to mean few rather than many. */
export function visibilityOf(input: Input): Visibility | undefined {
  const word = text(input, 'visibility')
  return word ? (VISIBILITIES[word] ?? 'followers') : undefined
}

/** A language as apps name it: those that are none are as good as not said. */
export function languageOf(input: Input): string | undefined {
  const tag = text(input, 'language')
  return tag && isLanguage(tag) ? tag : undefined
}
