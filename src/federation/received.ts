import { z } from 'zod'
import type { Actor } from '../domain/actor.ts'
import type { Normalised } from './engine.ts'
import type { Federation } from './federation.ts'
import { reference } from './wire.ts'

/** An activity whose sender is proven. `object` is as it was sent, after JSON-LD: believe of it only what its sender may say. */
export type Received = {
  id: string
  type: string
  sender: Actor
  object: unknown
  target: unknown
  instrument: unknown
  content: unknown
  published?: unknown
}

/** Takes effect, or says in a few words why it did not. Synchronous: it runs inside the commit that makes its 202 true. */
export type Handler = (federation: Federation, activity: Received) => string | undefined

const Shown = z.looseObject({ type: z.string().optional() })
const first = (value: unknown) => (Array.isArray(value) ? value[0] : value)

/** The object of an activity, if it is shown and not only named. */
export function objectOf(value: unknown): Normalised | undefined {
  const object = Shown.safeParse(first(value))
  return object.success ? (object.data as Normalised) : undefined
}

/** The id of an activity's object, shown or named. */
export function objectId(value: unknown): string | undefined {
  const id = reference.safeParse(first(value))
  return id.success ? id.data : undefined
}
