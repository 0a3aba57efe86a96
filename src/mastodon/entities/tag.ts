import type { Context } from '../../context.ts'
import { tagHistory } from '../../db/tag.ts'

const DAYS = 7

export function tagUrl({ config }: Pick<Context, 'config'>, name: string): string {
  return `${config.publicUrl}/?q=${encodeURIComponent(name)}`
}

/** A hashtag by itself, with how it was used of late. */
export function tagEntity(ctx: Context, name: string, following: boolean) {
  return {
    id: name,
    name,
    url: tagUrl(ctx, name),
    history: tagHistory(ctx.db, name, ctx.now(), DAYS).map(({ day, uses, authors }) => ({
      day: String(day.getTime() / 1000),
      uses: String(uses),
      accounts: String(authors),
    })),
    following,
    featuring: false,
  }
}
