/** The server of an address could not be reached a moment ago, or has too much to answer already. */
export class HostBusy extends Error {
  override name = 'HostBusy'
  /** When to ask again, in seconds. */
  readonly retryAfter: number
  constructor(host: string, waitMs: number) {
    super(`${host} did not answer.`)
    this.retryAfter = Math.max(1, Math.ceil(waitMs / 1000))
  }
}

const LONGEST_PAUSE_MS = 5 * 60_000
const SHORTEST_PAUSE_MS = 3_000
const OPEN_TO_STRANGER = 1
const OPEN_TO_KNOWN = 8
const WAITING = 200
const REMEMBERED = 5_000

type State = { answered: boolean; failures: number; pausedUntil: number; open: number; waiting: (() => void)[] }
/** What a failure says of the server: it hangs, it is not there (and may just be starting anew), or it is well and only its answer was not. */
export type Verdict = 'hangs' | 'away' | 'well'

/** Lets a task that asks `host` for something run when it may. @throws HostBusy when it may not */
export type HostGate = <T>(host: string, task: () => Promise<T>) => Promise<T>

/**
 * Keeps strangers from making this node hammer a third server, or wait for a dead one: one request at a time to a server that has
 * never answered, a few to others, none for five minutes to one that hangs, and ever more seldom to one that is away.
 */
export function createHostGate(now: () => Date, judge: (error: unknown) => Verdict): HostGate {
  const hosts = new Map<string, State>()

  function stateOf(host: string): State {
    const known = hosts.get(host) ?? { answered: false, failures: 0, pausedUntil: 0, open: 0, waiting: [] }
    // Most recently used last; the oldest idle ones are forgotten.
    hosts.delete(host)
    hosts.set(host, known)
    if (hosts.size > REMEMBERED) forgetIdle()
    return known
  }

  function forgetIdle(): void {
    for (const [name, { open }] of hosts) {
      if (hosts.size <= REMEMBERED) return
      if (open === 0) hosts.delete(name)
    }
  }

  function failed(state: State, verdict: 'hangs' | 'away'): void {
    const pause = verdict === 'hangs' ? LONGEST_PAUSE_MS : Math.min(SHORTEST_PAUSE_MS * 2 ** state.failures, LONGEST_PAUSE_MS)
    state.failures++
    state.pausedUntil = now().getTime() + pause
  }

  function answered(state: State): void {
    state.answered = true
    state.failures = 0
  }

  return async (host, task) => {
    const state = stateOf(host)
    const pause = () => {
      const left = state.pausedUntil - now().getTime()
      // A clock that was set back must not make a pause longer than any pause is.
      return left > LONGEST_PAUSE_MS ? 0 : left
    }
    if (pause() > 0 || state.waiting.length >= WAITING) throw new HostBusy(host, pause())
    while (state.open >= (state.answered ? OPEN_TO_KNOWN : OPEN_TO_STRANGER)) {
      await new Promise<void>(resolve => state.waiting.push(resolve))
      if (pause() > 0) throw new HostBusy(host, pause())
    }
    state.open++
    try {
      const result = await task()
      answered(state)
      return result
    } catch (error) {
      const verdict = judge(error)
      if (verdict === 'well') answered(state)
      else failed(state, verdict)
      throw error
    } finally {
      state.open--
      const wake = pause() > 0 ? state.waiting.length : state.answered ? OPEN_TO_KNOWN - state.open : 1
      for (const resume of state.waiting.splice(0, wake)) resume()
    }
  }
}
