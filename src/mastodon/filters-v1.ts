import { dropWord, editFilter, makeFilter } from '../actions/filter.ts'
import { allFilters, filterById, filterWordById } from '../db/filter.ts'
import { checkFilterText, checkPlaces, type Filter, type FilterAction, type FilterWord } from '../domain/filter.ts'
import { type Call, invalid, missing } from './call.ts'
import { filterV1Entity } from './entities/filter.ts'
import { expiryIn } from './filters.ts'
import { flag, idOf, isGiven, list, text } from './input.ts'
import { del, get, post, put, type Route } from './route.ts'

// Before there were filters with several words, a filter was a word: older apps read and write them so.

const READ = 'read:filters'
const WRITE = 'write:filters'

export const filterV1Routes: readonly Route[] = [
  get('/api/v1/filters', READ, ({ ctx }) => allFilters(ctx.db).flatMap(filter => filter.words.map(word => filterV1Entity(filter, word)))),
  get('/api/v1/filters/:id', READ, call => shown(call, wordOf(call).id)),
  post('/api/v1/filters', WRITE, make),
  put('/api/v1/filters/:id', WRITE, edit),
  del('/api/v1/filters/:id', WRITE, call => dropWord(call.ctx, wordOf(call).id)),
]

function wordOf({ ctx, params }: Call): FilterWord & { filter: number } {
  const id = idOf(params.id)
  const word = id === undefined ? undefined : filterWordById(ctx.db, id)
  if (!word) throw missing()
  return word
}

function shown({ ctx }: Call, id: number) {
  const word = filterWordById(ctx.db, id)!
  return filterV1Entity(filterById(ctx.db, word.filter)!, word)
}

function make(call: Call) {
  const { ctx, input } = call
  const phrase = checkFilterText(text(input, 'phrase') ?? '', 'Phrase')
  const action = actionFor(flag(input, 'irreversible') ?? false)
  const head = { title: phrase, places: checkPlaces(list(input, 'context')), action, expiresAt: expiryIn(call) ?? null }
  const filter = makeFilter(ctx, head, [{ words: phrase, whole: flag(input, 'whole_word') ?? false }])
  return filterV1Entity(filter, filter.words[0]!)
}

function edit(call: Call) {
  const { ctx, input } = call
  const word = wordOf(call)
  const filter = filterById(ctx.db, word.filter)!
  const [phrase, whole] = [text(input, 'phrase'), flag(input, 'whole_word')]
  const change = changeOf(call, filter)
  const alone = filter.words.length === 1
  // What these apps cannot show they must not change for the other words.
  if (!alone && JSON.stringify({ ...filter, ...change }) !== JSON.stringify(filter))
    throw invalid('where it works, what it does and how long are shared with other words of this filter')
  const title = alone && phrase !== undefined ? { title: phrase } : {}
  const words = { id: word.id, ...(phrase === undefined ? {} : { words: phrase }), ...(whole === undefined ? {} : { whole }) }
  editFilter(ctx, filter.id, { ...change, ...title }, [words])
  return shown(call, word.id)
}

function changeOf(call: Call, { action }: Filter): Partial<Pick<Filter, 'places' | 'action' | 'expiresAt'>> {
  const { input } = call
  const hides = flag(input, 'irreversible')
  const expiresAt = expiryIn(call)
  return {
    ...(isGiven(input, 'context') ? { places: checkPlaces(list(input, 'context')) } : {}),
    // A filter that blurs is no less for an app that knows only two ways.
    ...(hides === undefined || hides === (action === 'hide') ? {} : { action: actionFor(hides) }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  }
}

const actionFor = (hides: boolean): FilterAction => (hides ? 'hide' : 'warn')
