import type { LookupAddress } from 'node:dns'
import type { Socket } from 'node:net'
import type { Test } from 'tap'
import { createFetcher, type Fetcher, type FetcherOptions, type FetchFault, FetchRefusal } from '../../src/federation/fetch.ts'
import type { Lookup } from '../../src/federation/resolve.ts'

/** A fetcher that may talk to this machine, unless told otherwise. */
export function fetcher(t: Test, options: Partial<FetcherOptions> = {}): Fetcher {
  const made = createFetcher({ userAgent: 'Archipelago/1.0 (+https://node.test)', allowPrivate: true, ...options })
  t.teardown(() => made.close())
  return made
}

/** A resolver that answers each question with the next of `answers`, and the last for ever. */
export function answering(...answers: string[][]) {
  let asked = 0
  const lookup = ((_host: string, _options: object, done: (error: null, found: LookupAddress[]) => void) => {
    const found = answers[Math.min(asked++, answers.length - 1)]!
    done(
      null,
      found.map(address => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  }) as unknown as Lookup
  return { lookup, asked: () => asked }
}

/** Whether a fetch is refused, and with which code. */
export async function refuses(t: Test, code: FetchFault, fetching: Promise<unknown>, message: string = code): Promise<void> {
  const error = await fetching.then(
    () => undefined,
    (error: unknown) => error,
  )
  t.ok(error instanceof FetchRefusal, `${message}: ${error instanceof Error ? error.message : 'fetched'}`)
  t.equal((error as FetchRefusal | undefined)?.code, code, message)
}

/** Writes something to a socket again and again until it is closed. */
export function drip(socket: Socket, bytes: string | Buffer, everyMs: number): void {
  const timer = setInterval(() => socket.write(bytes), everyMs)
  socket.on('close', () => clearInterval(timer))
}

/** Writes something to a socket as fast as it goes. */
export function flood(socket: Socket, bytes: Buffer): void {
  const pour = () => {
    while (!socket.destroyed && socket.write(bytes));
  }
  socket.on('drain', pour)
  pour()
}
