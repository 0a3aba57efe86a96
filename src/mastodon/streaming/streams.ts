import type { Context } from '../../context.ts'
import { listById } from '../../db/reading-list.ts'
import { Refusal } from '../../domain/refusal.ts'
import { foldTag } from '../../domain/tag.ts'
import type { Needs } from '../route.ts'
import type { News, Shown } from './news.ts'

/** Something an app may listen to. `label` is how it is called in what is sent. */
export type Stream = { label: readonly string[]; needs: Needs; wants(news: News): boolean }

const READ = 'read:statuses'
const NOTICES = 'read:notifications'

/**
 * @param name as apps say it, such as `public:local` @param more what some streams are about
 * @throws Refusal when there is no such stream
 */
export function streamCalled(ctx: Context, name: string, more: { tag?: string | undefined; list?: string | undefined }): Stream {
  const fixed = FIXED[name]
  if (fixed) return { label: [name], ...fixed }
  if (name === 'hashtag' || name === 'hashtag:local') return tagStream(name, more.tag)
  if (name === 'list') return listStream(ctx, more.list)
  throw new Refusal('invalid', 'Unknown stream type')
}

const FIXED: Record<string, Pick<Stream, 'needs' | 'wants'>> = {
  user: {
    needs: READ,
    wants: news => news.kind === 'notice' || news.kind === 'filters' || news.kind === 'delete' || news.shown?.home === true,
  },
  'user:notification': { needs: NOTICES, wants: news => news.kind === 'notice' },
  public: open(() => true),
  'public:local': open(({ item }) => item.post.local),
  'public:remote': open(({ item }) => !item.post.local),
  'public:media': open(({ media }) => media),
  'public:local:media': open(({ item, media }) => media && item.post.local),
  'public:remote:media': open(({ item, media }) => media && !item.post.local),
  direct: { needs: READ, wants: news => news.kind === 'conversation' },
}

/** What is for everybody, answers and boosts aside; and that something was deleted, whatever it was. */
function open(which: (shown: Shown) => boolean): Pick<Stream, 'needs' | 'wants'> {
  return {
    needs: READ,
    wants: news => news.kind === 'delete' || (isOpenPost(news) && news.shown!.item.post.inReplyTo === null && which(news.shown!)),
  }
}

function isOpenPost({ shown }: News): boolean {
  return shown !== undefined && !shown.item.boost && shown.item.post.visibility === 'public'
}

function tagStream(name: string, tag: string | undefined): Stream {
  const folded = foldTag(tag ?? '')
  if (folded === undefined) throw new Refusal('invalid', 'No tag for stream provided')
  const wants = (news: News) =>
    news.kind === 'delete' || (isOpenPost(news) && news.shown!.tags.includes(folded) && (name === 'hashtag' || news.shown!.item.post.local))
  return { label: [name, tag!.replace(/^#/, '')], needs: READ, wants }
}

function listStream({ db }: Context, id: string | undefined): Stream {
  const number = Number(id)
  if (!Number.isSafeInteger(number) || !listById(db, number)) throw new Refusal('missing', 'Not authorized to stream this list')
  return {
    label: ['list', String(number)],
    needs: 'read:lists',
    wants: news => news.kind === 'delete' || (news.shown?.lists.includes(number) ?? false),
  }
}
