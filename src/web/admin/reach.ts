import type { NodeFound } from '../../actions/peer.ts'
import type { Actor } from '../../domain/actor.ts'
import type { Post } from '../../domain/post.ts'
import type { Mentioned } from '../../domain/post-text.ts'

/** What stewards can have this node ask of others. Each throws a Refusal that says for a person what was wrong. */
export type Reach = {
  /** Finds an actor by handle or address, and remembers it. */
  actor(what: string): Promise<Actor>
  /** Finds a post by its number here or its address. */
  post(what: string): Promise<Post>
  /** Everybody a text names as `@handle@host` and who is there. */
  mentions(markdown: string): Promise<Mentioned[]>
  /** Finds the node at an address. */
  node(address: string): Promise<NodeFound>
}
