import type { Problem } from '../domain/refusal.ts'
import type { Words } from './messages.ts'

const WRONG: Record<string, string> = {
  country: 'country',
  language: 'language',
  near: 'place',
  within: 'place',
  bbox: 'bbox',
  sort: 'sort',
  cursor: 'cursor',
}
const CHOSEN = new Set(['theme', 'kind', 'status', 'openToMembers', 'openToVisitors'])

/** What is wrong with one part of an address, in the language of the visitor. @param given the parameters as they stood there */
export function problemWords({ t }: Words, { path, message }: Problem, given: Readonly<Record<string, unknown>>): string {
  const kind = CHOSEN.has(path) ? 'value' : (WRONG[path] ?? 'other')
  // The message quotes the one of several values that is wrong.
  const value = /“(.{0,60}?)”/.exec(message)?.[1] ?? String([given[path] ?? ''].flat()[0]).slice(0, 60)
  return t(`search.wrong.${kind}`, { value })
}
