/**
 * What has happened here, in the order it happened. Federation, search, audit and feeds read this log, each with its own cursor.
 * `subject` is the id of the thing it happened to: an edition number, a post's number, or an actor's IRI.
 */
export type EventKind =
  | 'community.founded'
  | 'community.settings_changed'
  | 'charter.published'
  | 'charter.confirmed' // still true; `subject` is the edition in force
  | 'post.published'
  | 'post.edited'
  | 'post.deleted'
  | 'post.revised' // somebody else's that is kept here; `subject` is its number, also of the next one
  | 'post.retracted'
  | 'post.pinned'
  | 'post.unpinned'
  | 'question.counted' // new votes on our question, or it has closed
  | 'question.voted' // we voted on somebody's question
  | 'reaction.given' // we liked or boosted; `subject` is the post's number
  | 'reaction.withdrawn'
  | 'follow.requested' // we asked to follow `subject`
  | 'follows.imported' // a list of whom to follow was read in: `subject` is how many
  | 'follow.failed' // `subject` of that list is not to be found
  | 'follow.withdrawn' // we no longer follow `subject`
  | 'follow.answered' // `subject` accepted or rejected our request
  | 'follower.asked' // `subject` waits for approval
  | 'follower.accepted'
  | 'follower.rejected'
  | 'follower.left'
  | 'follower.restored' // a block was undone that `subject` had not been told of
  | 'actor.changed'
  | 'actor.gone'
  | 'actor.moved' // `subject` is another actor now
  | 'community.moved' // the community itself is another actor now
  | 'domain.blocked'
  | 'domain.unblocked'
  | 'domains.blocked' // a whole list of servers: `subject` is its number, also of the next one
  | 'domains.unblocked'
  | 'blocklist.imported' // read in as drafts; `subject` is its number
  | 'actor.blocked'
  | 'actor.unblocked'
  | 'report.filed' // we complained of somebody; `subject` is the report's number
  | 'report.received'
  | 'report.closed'
  | 'keys.rotated'
  | 'directory.policy_changed' // which themes this node lists
  | 'deliveries.retried' // `subject` is the server, also of the next one
  | 'deliveries.dropped'
  | 'backup.made'
  | 'node.exported'
  | 'person.erased' // `subject` says nothing of whom
  | 'community.ended' // the community is no more; `subject` is its actor
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
  | 'steward.invited' // `subject` is the number of the invitation, also of the next one
  | 'steward.invitation_revoked'
  | 'steward.joined' // `subject` is the number of the steward, also of all that follow
  | 'steward.role_changed'
  | 'steward.removed'
  | 'steward.signed_in'
  | 'steward.sign_in_failed' // `subject` is 'unknown' where nobody is called that
  | 'steward.signed_out'
  | 'steward.sessions_revoked'
  | 'steward.password_changed'
  | 'steward.password_reset'
  | 'steward.reset_offered'
  | 'steward.totp_enabled'
  | 'steward.totp_disabled'
  | 'steward.recovery_used'
  | 'steward.recovery_renewed'
  | 'app.authorised' // a steward lets an app act for the community; `subject` is its number
  | 'app.revoked'
  | 'filters.changed' // what the stewards do not want to see

/** `steward` is given where nobody is signed in yet who did it. */
export type DomainEvent = { kind: EventKind; subject: string; at: Date; data?: Record<string, string>; steward?: number | null }
