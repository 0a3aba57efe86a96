import type { SearchResult } from './directory.ts'
import type { DirectoryQuery } from './directory-query.ts'

/**
 * What became of the question to another node: it answered; it did not answer in time; it answered that it would not, or with something
 * that is no answer; it could not be reached.
 */
export const PEER_OUTCOMES = ['answered', 'late', 'refused', 'unreachable'] as const

export type PeerAnswer = {
  /** Origin of the node. */
  node: string
  outcome: (typeof PEER_OUTCOMES)[number]
  /** How long that took, in milliseconds. */
  ms: number
  /** How many entries it gave, how many of them count, and how many this node did not have. */
  given: number
  taken: number
  added: number
}

/** What this node and some others know together. There is one page of it: `next` is never set. */
export type NetworkResult = SearchResult & {
  peers: PeerAnswer[]
  /** How many communities others named that this node has not checked yet; they are shown only where `include` is `all`. */
  unchecked: number
  /** Set where others were not asked. */
  unasked?: 'no peers' | 'too often'
}

/** Asks some of the other nodes this one knows, at once and with a deadline. */
export type NetworkSearch = (query: DirectoryQuery) => Promise<NetworkResult>
