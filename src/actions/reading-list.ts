import type { Context } from '../context.ts'
import { followingOf } from '../db/following.ts'
import { type Tx, transact } from '../db/open.ts'
import { addList, addMember, allLists, changeList, listById, removeList, removeMember } from '../db/reading-list.ts'
import { checkListTitle, type ListReplies, MOST_LISTS, type ReadingList } from '../domain/reading-list.ts'
import { Refusal } from '../domain/refusal.ts'

type Draft = { title: string; replies: ListReplies; exclusive: boolean }

/** @throws Refusal when the title is none, or there are too many lists */
export function makeList(ctx: Context, { title, ...rest }: Draft): ReadingList {
  const checked = checkListTitle(title)
  return transact(ctx.db, tx => {
    if (allLists(tx).length >= MOST_LISTS) throw new Refusal('invalid', 'Validation failed: Too many lists')
    return addList(tx, { title: checked, ...rest })
  })
}

/** @throws Refusal when there is no such list, or the title is none */
export function editList(ctx: Context, id: number, { title, ...rest }: Partial<Draft>): ReadingList {
  return transact(ctx.db, tx => {
    standing(tx, id)
    changeList(tx, id, { ...rest, ...(title === undefined ? {} : { title: checkListTitle(title) }) })
    return listById(tx, id)!
  })
}

/** @throws Refusal when there is no such list */
export function dropList(ctx: Context, id: number): void {
  transact(ctx.db, tx => {
    standing(tx, id)
    removeList(tx, id)
  })
}

/** @throws Refusal when there is no such list, or the community does not follow one of them */
export function addToList(ctx: Context, id: number, actors: readonly string[]): void {
  transact(ctx.db, tx => {
    standing(tx, id)
    for (const actor of actors) {
      if (!followingOf(tx, actor)) throw new Refusal('missing', 'Record not found')
      addMember(tx, id, actor)
    }
  })
}

/** @throws Refusal when there is no such list */
export function takeFromList(ctx: Context, id: number, actors: readonly string[]): void {
  transact(ctx.db, tx => {
    standing(tx, id)
    for (const actor of actors) removeMember(tx, id, actor)
  })
}

function standing(tx: Tx, id: number): void {
  if (!listById(tx, id)) throw new Refusal('missing', 'Record not found')
}
