import type { Call } from './call.ts'

/**
 * What a request must show: `nothing`; `app`, a token of any app; else a token of a steward that covers this scope. A route that does not
 * say does not compile.
 */
export type Needs = 'nothing' | 'app' | 'profile' | 'push' | `read:${string}` | `write:${string}`

export type Route = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  needs: Needs
  /** Whether files may come with it. */
  files?: true
  /** What is sent as JSON; or the reply, where the route has sent it itself. */
  answer(call: Call): unknown
}

type Answer = Route['answer']
type Extra = Pick<Route, 'files'>

const route =
  (method: Route['method']) =>
  (path: string, needs: Needs, answer: Answer, extra: Extra = {}): Route => ({ method, path, needs, answer, ...extra })

export const get = route('GET')
export const post = route('POST')
export const put = route('PUT')
export const patch = route('PATCH')
export const del = route('DELETE')
