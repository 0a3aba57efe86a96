import { markRead } from '../actions/marker.ts'
import { markerOf } from '../db/marker.ts'
import { own } from './accounts.ts'
import { type Call, stewardOf } from './call.ts'
import { markerEntity } from './entities/marker.ts'
import { list, object, text } from './input.ts'
import { get, post, type Route } from './route.ts'

const TIMELINES = ['home', 'notifications'] as const

export const markerRoutes: readonly Route[] = [
  get('/api/v1/markers', 'read:statuses', read),
  post('/api/v1/markers', 'write:statuses', mark),
  get('/api/v1/preferences', 'read:accounts', preferences),
]

/** Each that is asked for is there, read or not: Elk looks into them without asking. */
function read(call: Call) {
  const { ctx, input } = call
  const wanted = new Set(list(input, 'timeline'))
  const steward = stewardOf(call)
  const shown = TIMELINES.filter(name => wanted.size === 0 || wanted.has(name))
  return Object.fromEntries(shown.map(name => [name, markerEntity(markerOf(ctx.db, steward, name), ctx.now())]))
}

function mark(call: Call) {
  const { ctx, input } = call
  const steward = stewardOf(call)
  return Object.fromEntries(
    TIMELINES.flatMap(name => {
      const last = text(object(input, name) ?? {}, 'last_read_id')
      if (last === undefined || !/^\d{1,20}$/.test(last)) return []
      return [[name, markerEntity(markRead(ctx, steward, name, last), ctx.now())]]
    }),
  )
}

function preferences(call: Call) {
  const { source } = own(call)
  return {
    'posting:default:visibility': source.privacy,
    'posting:default:sensitive': source.sensitive,
    'posting:default:language': source.language,
    'reading:expand:media': 'default',
    'reading:expand:spoilers': false,
  }
}
