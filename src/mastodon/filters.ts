import {
  addWord,
  dropFilter,
  dropWord,
  editFilter,
  editWord,
  filterPost,
  makeFilter,
  unfilterPost,
  type WordChange,
} from '../actions/filter.ts'
import { allFilters, filterById, filterPostById, filterWordById } from '../db/filter.ts'
import { itemById, itemsOfPosts } from '../db/timeline.ts'
import { checkPlaces, type Filter, filterAction } from '../domain/filter.ts'
import { type Call, missing } from './call.ts'
import { filterEntity, filterPostEntity, wordEntity } from './entities/filter.ts'
import { flag, type Input, id, idOf, isGiven, list, objects, text, whole } from './input.ts'
import { del, get, post, put, type Route } from './route.ts'

const READ = 'read:filters'
const WRITE = 'write:filters'

export const filterRoutes: readonly Route[] = [
  get('/api/v2/filters', READ, call => allFilters(call.ctx.db).map(filter => shown(call, filter))),
  post('/api/v2/filters', WRITE, make),
  get('/api/v2/filters/:id', READ, call => shown(call, filterOf(call))),
  put('/api/v2/filters/:id', WRITE, edit),
  del('/api/v2/filters/:id', WRITE, call => dropFilter(call.ctx, filterOf(call).id)),
  get('/api/v2/filters/:id/keywords', READ, call => filterOf(call).words.map(wordEntity)),
  post('/api/v2/filters/:id/keywords', WRITE, newWord),
  get('/api/v2/filters/keywords/:id', READ, call => wordEntity(found(filterWordById(call.ctx.db, numberOf(call))))),
  put('/api/v2/filters/keywords/:id', WRITE, changedWord),
  del('/api/v2/filters/keywords/:id', WRITE, call => dropWord(call.ctx, numberOf(call))),
  get('/api/v2/filters/:id/statuses', READ, call => shown(call, filterOf(call)).statuses),
  post('/api/v2/filters/:id/statuses', WRITE, newPost),
  get('/api/v2/filters/statuses/:id', READ, call => filterPostEntity(found(filterPostById(call.ctx.db, numberOf(call))), itemOf(call))),
  del('/api/v2/filters/statuses/:id', WRITE, call => unfilterPost(call.ctx, numberOf(call))),
]

function found<T>(value: T | undefined): T {
  if (value === undefined) throw missing()
  return value
}

function numberOf({ params }: Call): number {
  return found(idOf(params.id))
}

function filterOf(call: Call): Filter {
  return found(filterById(call.ctx.db, numberOf(call)))
}

const itemOf = (call: Call) => (number: number) => itemsOfPosts(call.ctx.db, [number]).get(number)?.id

function shown(call: Call, filter: Filter) {
  return filterEntity(filter, itemOf(call))
}

function make(call: Call) {
  const { ctx, input } = call
  const head = {
    title: text(input, 'title') ?? '',
    places: checkPlaces(list(input, 'context')),
    action: filterAction(text(input, 'filter_action')),
    expiresAt: expiryIn(call) ?? null,
  }
  return shown(call, makeFilter(ctx, head, wordsIn(input)))
}

function edit(call: Call) {
  const { ctx, input } = call
  const title = text(input, 'title')
  const action = text(input, 'filter_action')
  const expiresAt = expiryIn(call)
  const change = {
    ...(title === undefined ? {} : { title }),
    ...(isGiven(input, 'context') ? { places: checkPlaces(list(input, 'context')) } : {}),
    ...(action === undefined ? {} : { action: filterAction(action) }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  }
  return shown(call, editFilter(ctx, filterOf(call).id, change, wordsIn(input)))
}

/** Seconds from now; empty or null is never, and what is not said stays. */
export function expiryIn({ ctx, input }: Call): Date | null | undefined {
  if (!isGiven(input, 'expires_in')) return undefined
  const seconds = whole(input, 'expires_in')
  return seconds === undefined || seconds <= 0 ? null : new Date(ctx.now().getTime() + seconds * 1000)
}

function wordsIn(input: Input): WordChange[] {
  return objects(input, 'keywords_attributes').map(one => {
    const [number, words, whole] = [id(one, 'id'), text(one, 'keyword'), flag(one, 'whole_word')]
    return {
      ...(number === undefined ? {} : { id: number }),
      ...(words === undefined ? {} : { words }),
      ...(whole === undefined ? {} : { whole }),
      away: flag(one, '_destroy') ?? false,
    }
  })
}

function newWord(call: Call) {
  const { ctx, input } = call
  return wordEntity(addWord(ctx, filterOf(call).id, text(input, 'keyword') ?? '', flag(input, 'whole_word') ?? false))
}

function changedWord(call: Call) {
  const { ctx, input } = call
  const [words, whole] = [text(input, 'keyword'), flag(input, 'whole_word')]
  const change = { ...(words === undefined ? {} : { words }), ...(whole === undefined ? {} : { whole }) }
  return wordEntity(editWord(ctx, numberOf(call), change))
}

function newPost(call: Call) {
  const { ctx, input } = call
  const item = found(itemById(ctx.db, found(id(input, 'status_id'))))
  const filter = filterPost(ctx, filterOf(call).id, item.post.id)
  return filterPostEntity(found(filter.posts.find(one => one.post === item.post.id)), itemOf(call))
}
