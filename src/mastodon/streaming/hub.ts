import type { Context } from '../../context.ts'
import { type Grant, grantOf } from '../../db/oauth.ts'
import { allow } from '../auth.ts'
import { Denied } from '../errors.ts'
import { type News, newsSince, type Told, toldUpToNow } from './news.ts'
import type { Stream } from './streams.ts'

/** An open connection of an app. */
export type Listener = {
  readonly grant: Grant
  /** Of its token, by which it is looked up again. */
  readonly tokenHash: string
  readonly streams: Map<string, Stream>
  /** Sends one message, or ends the connection if it does not keep up. @param shared made once for all who hear the same */
  send(message: Message): void
  /** Sees to it that it is still there. */
  ping(): void
  end(): void
}
export type Message = { stream: readonly string[]; event: string; payload: string; frame: () => Buffer; chunk: () => Buffer }
export type Hub = ReturnType<typeof createHub>

const MOST_LISTENERS = 2_000
const MOST_OF_TOKEN = 1_000
const MOST_ROUNDS = 20

/** Passes on what happens to all apps that listen. It reads what is in the database, so it also hears what a command did. */
export function createHub(ctx: Context) {
  const listeners = new Set<Listener>()
  let told: Told | undefined

  function tell(news: News): void {
    const made = new Map<string, Message | undefined>()
    for (const listener of listeners) {
      const signedIn = listener.grant.steward !== undefined
      for (const [key, stream] of listener.streams) {
        if (!stream.wants(news)) continue
        const name = `${signedIn} ${key}`
        if (!made.has(name)) made.set(name, messageOf(news, stream.label, signedIn))
        const message = made.get(name)
        if (message) listener.send(message)
      }
    }
  }

  return {
    /** @returns false where there are too many */
    join(listener: Listener): boolean {
      const same = [...listeners].filter(one => one.grant.token === listener.grant.token).length
      if (listeners.size >= MOST_LISTENERS || same >= MOST_OF_TOKEN) return false
      if (listeners.size === 0) told = toldUpToNow(ctx)
      listeners.add(listener)
      return true
    },
    leave: (listener: Listener) => void listeners.delete(listener),
    size: () => listeners.size,
    /** Tells what has come since it was last called. Many who listen take a while, so others are served in between. */
    async pump(): Promise<void> {
      if (listeners.size === 0 || !told) return
      for (let round = 0; round < MOST_ROUNDS; round++) {
        const { news, told: now, more } = newsSince(ctx, told)
        told = now
        for (const one of news) {
          tell(one)
          await turn()
        }
        if (!more) return
      }
    },
    /** Ends the connections of those who may not listen any more: their token was revoked, or its steward has left or may do less. */
    check(): void {
      for (const listener of [...listeners]) if (!mayListen(ctx, listener)) listener.end()
    },
    ping(): void {
      for (const listener of [...listeners]) listener.ping()
    },
    close(): void {
      for (const listener of [...listeners]) listener.end()
    },
  }
}

const turn = () => new Promise(resolve => setImmediate(resolve))

function mayListen(ctx: Context, { tokenHash, streams }: Listener): boolean {
  const grant = grantOf(ctx.db, tokenHash)
  if (!grant) return false
  try {
    for (const { needs } of streams.values()) allow(grant, needs)
    return true
  } catch (error) {
    if (error instanceof Denied) return false
    throw error
  }
}

function messageOf(news: News, stream: readonly string[], signedIn: boolean): Message | undefined {
  const payload = news.payload(signedIn)
  if (payload === undefined) return undefined
  const { event } = news
  return {
    stream,
    event,
    payload,
    frame: once(() => JSON.stringify({ stream, event, payload })),
    // A payload is JSON or a number, and so has no line breaks.
    chunk: once(() => `event: ${event}\ndata: ${payload}\n\n`),
  }
}

function once(make: () => string): () => Buffer {
  let made: Buffer | undefined
  return () => {
    made ??= Buffer.from(make())
    return made
  }
}
