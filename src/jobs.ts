import { setMaxListeners } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'

/** A named function that runs again and again, `everyMs` after it last ended. */
export type Job = { name: string; everyMs: number; run: () => Promise<void> | void }

/**
 * What is left to do lives in the database, never here: a crash loses nothing and a restart is the retry.
 * @returns stops the jobs, and resolves when the last run has ended
 */
export function startJobs(jobs: readonly Job[], onError: (job: Job, error: unknown) => void): () => Promise<void> {
  const stop = new AbortController()
  setMaxListeners(jobs.length + 1, stop.signal)
  const loops = jobs.map(async job => {
    // The first round waits too: whoever asks the moment the node listens is answered first.
    await pause(job.everyMs, undefined, { signal: stop.signal }).catch(() => {})
    while (!stop.signal.aborted) {
      try {
        await job.run()
      } catch (error) {
        onError(job, error)
      }
      await pause(job.everyMs, undefined, { signal: stop.signal }).catch(() => {})
    }
  })
  return async () => {
    stop.abort()
    await Promise.all(loops)
  }
}
