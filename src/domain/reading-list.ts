import { Refusal } from './refusal.ts'

/** Whose answers a list shows: nobody's, those to other members, those to anybody who is followed. */
export const LIST_REPLIES = ['none', 'list', 'followed'] as const
export type ListReplies = (typeof LIST_REPLIES)[number]
export type ReadingList = { id: number; title: string; replies: ListReplies; exclusive: boolean }

export const MOST_LISTS = 100
const LONGEST_TITLE = 200

/** @throws Refusal when it is empty or too long */
export function checkListTitle(text: string): string {
  const title = text.normalize('NFC').replace(/\s+/g, ' ').trim()
  if (!title) throw new Refusal('invalid', 'Validation failed: Title can’t be blank')
  if (title.length > LONGEST_TITLE) throw new Refusal('invalid', 'Validation failed: Title is too long')
  return title
}

export function listReplies(word: string | undefined): ListReplies {
  return LIST_REPLIES.find(known => known === word) ?? 'list'
}
