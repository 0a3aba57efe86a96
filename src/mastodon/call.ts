import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import { theCommunity } from '../db/community.ts'
import type { Grant } from '../db/oauth.ts'
import type { Actor } from '../domain/actor.ts'
import { communityIri } from '../domain/iri.ts'
import type { Post } from '../domain/post.ts'
import type { Mentioned } from '../domain/post-text.ts'
import { Refusal } from '../domain/refusal.ts'
import type { Input } from './input.ts'

/** How far an app can see: what is asked of other servers, by whoever does the asking for this node. */
export type Reach = {
  /** Finds an actor by handle or address, at its origin. @throws Refusal */
  actor(what: string): Promise<Actor>
  /** Finds a post by its address. @throws Refusal */
  post(what: string): Promise<Post>
  /** Everybody a text names. */
  mentions(markdown: string): Promise<Mentioned[]>
}

export type Upload = { name: string; fileName: string; type: string; data: Buffer }

/** One request of an app, read and allowed. */
export type Call = {
  ctx: Context
  reach: Reach
  request: FastifyRequest
  reply: FastifyReply
  /** Of the path. */
  params: Record<string, string>
  /** Of query and body together. */
  input: Input
  files: readonly Upload[]
  /** What allowed it; undefined where nothing had to. */
  grant: Grant | undefined
}

/** IRI of the community. @throws Refusal when there is none yet */
export function meOf({ config, db }: Context): string {
  return communityIri(config.publicUrl, theCommunity(db).handle)
}

/** Who asks, where somebody must have signed in. */
export function stewardOf({ grant }: Call): number {
  if (!grant?.steward) throw new Refusal('forbidden', 'This method requires an authenticated user')
  return grant.steward.id
}

/** The one answer for what is not there, was never there, or is not for the one who asks. */
export function missing(): Refusal {
  return new Refusal('missing', 'Record not found')
}

/** What is wrong with what was sent, as apps show it. */
export function invalid(why: string): Refusal {
  return new Refusal('invalid', `Validation failed: ${why}`)
}
