/**
 * What has happened here, in the order it happened. Federation, search, audit and feeds read this log, each with its own cursor.
 * `subject` is the id of the thing it happened to: an edition number, a post's number, or an actor's IRI.
 */
export type EventKind =
  | 'community.founded'
  | 'community.settings_changed'
  | 'charter.published'
  | 'post.published'
  | 'post.deleted'
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
  | 'keys.rotated'

export type DomainEvent = { kind: EventKind; subject: string; at: Date; data?: Record<string, string> }
