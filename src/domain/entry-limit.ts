const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

/** Every number of the exchange of entries stands here and nowhere else. Times in milliseconds, sizes in bytes. FEDERATION.md gives the same. */
export const LIMITS = {
  /** An entry in its canonical form, with its proof. */
  entrySize: 8192,
  /** How long an entry is good for, after how long its node renews it, and after how long a search says it was not renewed. */
  lease: 180 * DAY,
  renewal: 60 * DAY,
  notRenewed: 90 * DAY,
  /** How far ahead of our clock an entry may have been made. */
  clockSkew: 10 * MINUTE,
  /** How far ahead of our clock the number of an entry may be, taken as seconds since 1970. */
  seqAhead: DAY,
  /** How long an entry signed by a key nobody knew of waits. */
  quarantine: 7 * DAY,
  /** How long a tombstone is kept after the entry it ended has expired. */
  tombstoneGrace: 7 * DAY,
  /** How long the keys of an entry that has expired are remembered. */
  expiredKept: 180 * DAY,
  /** Keys that have handed over, as far as an entry tells. */
  successions: 4,

  /** Signed confirmations, from nodes of as many registrable domains, that stand for a look of our own. */
  confirmations: 3,
  /** Share of what others confirmed that this node looks at all the same. */
  ownChecks: 0.01,
  /** Entries that are not vouched for, of one registrable domain. */
  entriesPerDomain: 20,
  /** Looks at origins in a day: on the word of one peer (and as many of others' it may hasten), on the word of all, and for reasons of our own. */
  checksPerPeerADay: 500,
  checksADay: 5000,
  ownChecksADay: 1000,
  /** Of the last, those because somebody has opened the page of a community. */
  openedADay: 500,
  /** Looks at origins that go on at the same time. */
  checksAtOnce: 8,
  checkAttempts: 5,
  /** Within what time an entry that was just heard is looked at, for every so many communities that are shown (at least, and at most). */
  checkWithin: { least: 10 * MINUTE, most: DAY, communities: 6000 },
  /** After what time a community is looked at again at the earliest, whoever wants it. */
  checkAgain: 6 * 60 * MINUTE,
  /** How far from the communities the steward follows somebody may be and still be vouched for. */
  vouchSteps: 3,
  vouchesPerEntry: 16,

  /** Whom we ask: by keyed hash, chosen by the steward or followed, most reliable. */
  view: { hashed: 12, chosen: 6, reliable: 6 },
  viewRotation: 7 * DAY,
  peersPerNetwork: 2,
  pull: { every: 10 * MINUTE, peers: 3 },
  reconcile: { every: DAY, peers: 2 },
  feedPage: 500,
  documentPage: 200,
  confirmationPage: 500,
  /** Prefixes in one question about the tree. */
  treePage: 64,
  /** Lines in one answer about leaves; what is more is asked for anew. */
  leafPage: 4000,
  /** A page as it arrives, unpacked: of documents, and of anything else. */
  pageSize: 4 << 20,
  listSize: 1 << 20,
  /** What one peer may make us read in a day, and how long a page may take and a visit may go on. */
  bytesPerPeerADay: 512 << 20,
  pageTime: 10_000,
  visitTime: 2 * MINUTE,
  /** How long a peer that does not answer is left alone, at most. */
  longestRest: 60 * MINUTE,
  /** After so long without having met anybody, a node reconciles. */
  offline: DAY,
  /** Peers that made themselves known, and were never found in an entry. */
  strangers: 200,

  /** A live question to other nodes: how many are asked, how long they have, how long the answer is kept, how often in a minute. */
  networkSearch: { peers: 5, deadline: 2500, kept: MINUTE, aMinute: 12 },

  score: {
    badSignature: -10,
    wrongHash: -5,
    brokenPage: -5,
    uselessPage: -1,
    unconfirmed: -1,
    good: 1,
    best: 20,
    ban: -20,
    banFor: DAY,
    halfLife: DAY,
  },
} as const

/** The tree over all entries: 16-ary, four levels, by the first 16 bits of the key. */
export const TREE_DEPTH = 4

/** The end of what has none. */
export const NEVER = new Date(8_640_000_000_000_000)

/** Within what time a node that shows so many communities looks at an origin it has a reason to ask, in milliseconds. */
export function lookWithin(shown: number): number {
  const { least, most, communities } = LIMITS.checkWithin
  return Math.min(most, least * Math.max(1, shown / communities))
}
