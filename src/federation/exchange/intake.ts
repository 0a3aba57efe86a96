import { Worker } from 'node:worker_threads'
import type { Context } from '../../context.ts'
import { leaveCheckpoints, resumeCheckpoints } from '../../db/checkpoint.ts'
import { type Parcel, type Unpacked, unpack } from './parcel.ts'

/** Takes pages of documents in, one after another. */
export type Intake = { take(parcel: Parcel): Promise<Unpacked>; stop(): Promise<void> }

// What is smaller is done before a thread has been woken.
const WORTH_A_THREAD = 65_536

type Waiting = { resolve(unpacked: Unpacked): void; reject(error: Error): void }

/** Large pages go to a thread of their own, where the database is a file that can be opened twice; everything else is done here, bit by bit. */
export function createIntake(ctx: Context): Intake {
  const waiting = new Map<number, Waiting>()
  let worker: Worker | undefined
  let count = 0
  let line: Promise<unknown> = Promise.resolve()
  const file = ctx.db.$client.memory ? undefined : ctx.db.$client.name

  function thread(): Worker {
    if (worker) return worker
    const made = new Worker(new URL(import.meta.url.replace(/intake(\.\w+)$/, 'intake-worker$1')), {
      workerData: { ...ctx.config, database: file },
    })
    made.unref()
    made.on('message', ({ id, unpacked, error, code }: { id: number; unpacked?: Unpacked; error?: string; code?: string }) => {
      const one = waiting.get(id)
      waiting.delete(id)
      if (unpacked) one?.resolve(unpacked)
      else one?.reject(Object.assign(new Error(error), { code }))
    })
    const lost = (error: Error) => {
      if (worker === made) {
        worker = undefined
        if (ctx.db.$client.open) resumeCheckpoints(ctx.db)
      }
      for (const { reject } of waiting.values()) reject(error)
      waiting.clear()
    }
    made.on('error', lost)
    made.on('exit', () => lost(new Error('The thread that takes entries in has ended.')))
    worker = made
    leaveCheckpoints(ctx.db)
    return made
  }

  function aside(parcel: Parcel): Promise<Unpacked> {
    return new Promise((resolve, reject) => {
      const id = ++count
      waiting.set(id, { resolve, reject })
      thread().postMessage({ id, parcel })
    })
  }

  return {
    take(parcel) {
      const large = file !== undefined && parcel.body.byteLength >= WORTH_A_THREAD
      // One at a time: two would only wait for each other's transactions.
      const taken = line.then(() => (large ? aside(parcel) : unpack(ctx, parcel, false)))
      line = taken.catch(() => {})
      return taken
    },
    async stop() {
      await line
      const last = worker
      if (!last) return
      // Not terminated: it may be in the middle of moving the log into the database, and closes that itself.
      const ended = new Promise<unknown>(resolve => last.once('exit', resolve))
      last.ref()
      last.postMessage('stop')
      await ended
    },
  }
}
