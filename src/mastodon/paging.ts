import type { Window } from '../domain/window.ts'
import type { Call } from './call.ts'
import { type Input, text, whole } from './input.ts'

const CURSORS = /^(max_id|min_id|since_id)$/

/** How many of something are asked for; too many are as many as there may be. */
export function limitOf(input: Input, usual: number, most: number): number {
  const wanted = whole(input, 'limit')
  return wanted === undefined || wanted < 1 ? usual : Math.min(wanted, most)
}

/** `max_id` excludes, `min_id` asks for what comes next above, `since_id` for the newest above; `min_id` wins. */
export function windowOf(input: Input, usual: number, most: number): Window {
  const below = cursor(input, 'max_id')
  const next = cursor(input, 'min_id')
  const above = next ?? cursor(input, 'since_id')
  return {
    ...(below === undefined ? {} : { below }),
    ...(above === undefined ? {} : { above }),
    upwards: next !== undefined,
    limit: limitOf(input, usual, most),
  }
}

function cursor(input: Input, name: string): number | undefined {
  const word = text(input, name)
  return word !== undefined && /^\d{1,20}$/.test(word) ? Math.min(Number(word), Number.MAX_SAFE_INTEGER) : undefined
}

/**
 * Says where the pages beside this one are (RFC 8288): none beside an empty one, no next behind the last, next first.
 * @param numbers by which the page's rows are counted, newest first
 */
export function linkPages(
  { ctx, request, reply }: Pick<Call, 'ctx' | 'request' | 'reply'>,
  numbers: readonly number[],
  more: boolean,
): void {
  const [first] = numbers
  const last = numbers.at(-1)
  if (first === undefined || last === undefined) return
  const [path = '', query = ''] = request.url.split('?')
  const to = (name: string, id: number, rel: string) => {
    const asked = new URLSearchParams(query)
    for (const key of [...asked.keys()]) if (CURSORS.test(key)) asked.delete(key)
    asked.append(name, String(id))
    // What a program parts by commas must hold none.
    return `<${ctx.config.publicUrl}${path}?${asked}>; rel="${rel}"`
  }
  const links = [...(more ? [to('max_id', last, 'next')] : []), to('min_id', first, 'prev')]
  reply.header('link', links.join(', '))
}
