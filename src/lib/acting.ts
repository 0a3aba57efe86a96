import { AsyncLocalStorage } from 'node:async_hooks'

const acting = new AsyncLocalStorage<number>()

/** Everything `work` does, also what it does later, is done by this person: what is recorded meanwhile bears their number. */
export function actingAs<T>(who: number, work: () => T): T {
  return acting.run(who, work)
}

/** Who is acting now; undefined where it is nobody who signed in: a job, a command, a stranger. */
export function whoActs(): number | undefined {
  return acting.getStore()
}
