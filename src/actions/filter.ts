import type { Context } from '../context.ts'
import { record } from '../db/event.ts'
import {
  addFilter,
  addFilterPost,
  addFilterWord,
  changeFilter,
  changeFilterWord,
  filterById,
  filterCount,
  filterPostById,
  filterWordById,
  removeFilter,
  removeFilterPost,
  removeFilterWord,
} from '../db/filter.ts'
import { type Tx, transact } from '../db/open.ts'
import {
  checkFilterText,
  type Filter,
  type FilterAction,
  type FilterPlace,
  type FilterWord,
  MOST_FILTERS,
  MOST_WORDS,
} from '../domain/filter.ts'
import { Refusal } from '../domain/refusal.ts'

type Head = { title: string; places: FilterPlace[]; action: FilterAction; expiresAt: Date | null }
/** What is to become of a word: a new one, a known one changed, or taken away. */
export type WordChange = { id?: number; words?: string; whole?: boolean; away?: boolean }

/** @throws Refusal when the title is none, or there are too many filters */
export function makeFilter(ctx: Context, { title, ...rest }: Head, words: readonly WordChange[]): Filter {
  return changing(ctx, tx => {
    if (filterCount(tx) >= MOST_FILTERS) throw new Refusal('invalid', 'Validation failed: Too many filters')
    const id = addFilter(tx, { title: checkFilterText(title, 'Title'), ...rest })
    changeWords(tx, id, words)
    return filterById(tx, id)!
  })
}

/** @throws Refusal when there is no such filter, or a word of it is none */
export function editFilter(ctx: Context, id: number, { title, ...rest }: Partial<Head>, words: readonly WordChange[]): Filter {
  return changing(ctx, tx => {
    standing(tx, id)
    changeFilter(tx, id, { ...rest, ...(title === undefined ? {} : { title: checkFilterText(title, 'Title') }) })
    changeWords(tx, id, words)
    return filterById(tx, id)!
  })
}

/** @throws Refusal when there is no such filter */
export function dropFilter(ctx: Context, id: number): void {
  changing(ctx, tx => {
    standing(tx, id)
    removeFilter(tx, id)
  })
}

/** @throws Refusal when there is no such filter, or it is no word */
export function addWord(ctx: Context, filter: number, words: string, whole: boolean): FilterWord {
  return changing(ctx, tx => {
    changeWords(tx, standing(tx, filter), [{ words, whole }])
    return filterById(tx, filter)!.words.at(-1)!
  })
}

/** @throws Refusal when there is no such word, or it is none */
export function editWord(ctx: Context, id: number, { words, whole }: WordChange): FilterWord {
  return changing(ctx, tx => {
    const word = filterWordById(tx, id)
    if (!word) throw new Refusal('missing', 'Record not found')
    changeWords(tx, word.filter, [{ id, ...(words === undefined ? {} : { words }), ...(whole === undefined ? {} : { whole }) }])
    return filterWordById(tx, id)!
  })
}

/** @throws Refusal when there is no such word */
export function dropWord(ctx: Context, id: number): void {
  changing(ctx, tx => {
    if (!filterWordById(tx, id)) throw new Refusal('missing', 'Record not found')
    removeFilterWord(tx, id)
  })
}

/** @throws Refusal when there is no such filter */
export function filterPost(ctx: Context, filter: number, post: number): Filter {
  return changing(ctx, tx => {
    addFilterPost(tx, standing(tx, filter), post)
    return filterById(tx, filter)!
  })
}

/** @throws Refusal when there is no such post in a filter */
export function unfilterPost(ctx: Context, id: number): void {
  changing(ctx, tx => {
    if (!filterPostById(tx, id)) throw new Refusal('missing', 'Record not found')
    removeFilterPost(tx, id)
  })
}

// Apps keep filters and are told that they have changed.
function changing<T>(ctx: Context, work: (tx: Tx) => T): T {
  return transact(ctx.db, tx => {
    const done = work(tx)
    record(tx, { kind: 'filters.changed', subject: 'filters', at: ctx.now() })
    return done
  })
}

function changeWords(tx: Tx, filter: number, changes: readonly WordChange[]): void {
  for (const { id, words, whole, away } of changes) {
    const known = id === undefined ? undefined : filterWordById(tx, id)
    if (id !== undefined && known?.filter !== filter) throw new Refusal('missing', 'Record not found')
    if (id !== undefined && away) removeFilterWord(tx, id)
    else if (id === undefined) addFilterWord(tx, filter, { words: checkFilterText(words ?? '', 'Keyword'), whole: whole ?? false })
    else
      changeFilterWord(tx, id, {
        ...(words === undefined ? {} : { words: checkFilterText(words, 'Keyword') }),
        ...(whole === undefined ? {} : { whole }),
      })
  }
  if (filterById(tx, filter)!.words.length > MOST_WORDS) throw new Refusal('invalid', 'Validation failed: Too many keywords')
}

function standing(tx: Tx, id: number): number {
  if (!filterById(tx, id)) throw new Refusal('missing', 'Record not found')
  return id
}
