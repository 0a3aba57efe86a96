/**
 * What has happened here, in the order it happened. Federation, search, audit and feeds read this log, each with its own cursor.
 * `subject` is the id of the thing it happened to: an edition number, a post's number, or an actor's IRI.
 */
export type EventKind =
  | 'community.founded'
  | 'community.settings_changed'
  | 'charter.published'
  | 'post.published'
  | 'post.edited'
  | 'post.deleted'
  | 'post.pinned'
  | 'post.unpinned'
  | 'question.counted' // new votes on our question, or it has closed
  | 'question.voted' // we voted on somebody's question
  | 'reaction.given' // we liked or boosted; `subject` is the post's number
  | 'reaction.withdrawn'
  | 'follow.requested' // we asked to follow `subject`
  | 'follow.withdrawn' // we no longer follow `subject`
  | 'follow.answered' // `subject` accepted or rejected our request
  | 'follower.asked' // `subject` waits for approval
  | 'follower.accepted'
  | 'follower.rejected'
  | 'follower.left'
  | 'actor.changed'
  | 'actor.gone'
  | 'actor.moved' // `subject` is another actor now
  | 'community.moved' // the community itself is another actor now
  | 'domain.blocked'
  | 'domain.unblocked'
  | 'actor.blocked'
  | 'actor.unblocked'
  | 'report.filed' // we complained of somebody; `subject` is the report's number
  | 'report.received'
  | 'report.closed'
  | 'keys.rotated'
  | 'community.vouched' // our community stands for `subject`
  | 'community.vouch_withdrawn'
  | 'peer.met' // another node that knew nothing of us; `subject` is its inbox
  | 'entry.published' // our entry or tombstone is signed anew; `subject` is its hash
  | 'quote.accepted' // `subject` may quote a post of ours
  | 'quote.rejected'
  | 'quote.revoked' // `subject` is the agreement
  | 'relay.added' // `subject` is its inbox, also of the next two
  | 'relay.answered'
  | 'relay.removed'
  | 'inquiry.received' // `subject` is its number, also of the next four
  | 'inquiry.said' // who sent it has said more
  | 'inquiry.answered'
  | 'inquiry.changed'
  | 'inquiry.erased'
  | 'pledge.made' // `subject` is its number
  | 'pledge.withdrawn'
  | 'pledges.reached' // as many as are needed: `subject`
  | 'following.checked' // what `subject` says of our following it differed from what we think

export type DomainEvent = { kind: EventKind; subject: string; at: Date; data?: Record<string, string> }
