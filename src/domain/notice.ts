/** What the community should hear of, in the words of those who read it with an app. */
export const NOTICE_KINDS = ['mention', 'status', 'reblog', 'follow', 'follow_request', 'favourite', 'poll', 'update'] as const
export type NoticeKind = (typeof NOTICE_KINDS)[number]

/** Something somebody did, and to which post. */
export type Notice = { id: number; kind: NoticeKind; actor: string; post: number | null; at: Date }

/** Several people who like the same are told as one if they do so within this time. */
const TOGETHER_MS = 12 * 3_600_000
const TOGETHER: readonly NoticeKind[] = ['favourite', 'reblog', 'follow']

export function isNoticeKind(word: string): word is NoticeKind {
  return (NOTICE_KINDS as readonly string[]).includes(word)
}

/** Names the notices that are told as one. */
export function groupOf({ id, kind, post, at }: Notice): string {
  if (!TOGETHER.includes(kind)) return `ungrouped-${id}`
  return [kind, ...(post === null ? [] : [post]), Math.floor(at.getTime() / TOGETHER_MS)].join('-')
}

/** What a group's name says of those in it. Undefined when it is none. */
export function readGroup(name: string): { id: number } | { kind: NoticeKind; post: number | null; from: Date; until: Date } | undefined {
  const [, id] = /^ungrouped-(\d{1,15})$/.exec(name) ?? []
  if (id) return { id: Number(id) }
  const [, kind = '', post, slot = ''] = /^(favourite|reblog|follow)(?:-(\d{1,15}))?-(\d{1,9})$/.exec(name) ?? []
  if (!isNoticeKind(kind) || (kind === 'follow') !== (post === undefined)) return undefined
  const from = Number(slot) * TOGETHER_MS
  return { kind, post: post === undefined ? null : Number(post), from: new Date(from), until: new Date(from + TOGETHER_MS) }
}
