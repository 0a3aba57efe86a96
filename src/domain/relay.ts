/** A relay passes the community's public posts on to servers that don't follow it, and theirs to this node (FEP-ae0c). */
export type Relay = {
  inbox: string
  /** Its id; of one that is known by its inbox alone, once it has answered. */
  actor: string | null
  followId: string
  state: 'pending' | 'accepted' | 'rejected'
  since: Date
}

/** How much of what relays pass on is looked into, of all of them together. */
export const RELAY_LIMITS = { errands: 60, withinMs: 3_600_000 } as const
