import { tracingChannel } from 'node:diagnostics_channel'

// What can be watched from outside, each as the five channels `tracing:NAME:start`, `:end`, `:asyncStart`, `:asyncEnd` and `:error`
// of node:diagnostics_channel. docs/operations.md describes them.
const CHANNELS = {
  inbox: tracingChannel('archipelago:inbox'),
  delivery: tracingChannel('archipelago:delivery'),
  fetch: tracingChannel('archipelago:fetch'),
}

/** What a span says of itself. Nothing in it is secret or personal beyond addresses. */
export type Span = Record<string, string | number>

/**
 * Calls `work(...args)`. If somebody watches the channel, the call is a span with what `describe(...args)` says of it; if nobody does,
 * it is the plain call and `describe` is never asked: both functions should be constants of their module, so that nothing is made for it.
 */
export function traced<W extends (...args: never[]) => Promise<unknown>>(
  name: keyof typeof CHANNELS,
  describe: (...args: Parameters<W>) => Span,
  work: W,
  ...args: Parameters<W>
): ReturnType<W> {
  const channel = CHANNELS[name]
  const result = channel.hasSubscribers ? channel.tracePromise(work, describe(...args), undefined, ...args) : work(...args)
  return result as ReturnType<W>
}
