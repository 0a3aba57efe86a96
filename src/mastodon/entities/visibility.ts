import type { Visibility } from '../../domain/post.ts'

/** Whom a post is for, as apps call it. */
export const VISIBILITY_WORDS: Record<Visibility, string> = {
  public: 'public',
  unlisted: 'unlisted',
  followers: 'private',
  direct: 'direct',
}
