import type { Context } from '../context.ts'
import { actorOf } from '../db/actor.ts'
import { isSuspended, rejectsReports } from '../db/block.ts'
import { theCommunity } from '../db/community.ts'
import { record } from '../db/event.ts'
import { freshIri } from '../db/fresh-iri.ts'
import { transact } from '../db/open.ts'
import { postByIri } from '../db/post.ts'
import { addReport, complainedSince, markClosed, openReportsFrom, reportOf } from '../db/report.ts'
import { activityIri, nodeIri } from '../domain/iri.ts'
import { Refusal } from '../domain/refusal.ts'
import { checkComplaint, complaint, REPORT_LIMITS, type Report } from '../domain/report.ts'

/**
 * Complains of an actor this node knows to those who run its server. The node says it, not the community, so that the one complained
 * of does not learn who complained.
 * @param posts IRIs of posts of that actor @param text plain
 * @throws Refusal when there is no community yet, the actor is unknown, of this node or of a blocked server, or the words won't do
 */
export function fileReport(ctx: Context, target: string, posts: readonly string[], text: string): Report {
  const comment = checkComplaint(text)
  if (posts.length > REPORT_LIMITS.posts)
    throw new Refusal('invalid', `A report may name ${REPORT_LIMITS.posts} posts.`, [], { code: 'manyPosts', most: REPORT_LIMITS.posts })
  const { publicUrl } = ctx.config
  return transact(ctx.db, tx => {
    theCommunity(tx)
    const actor = actorOf(tx, target)
    if (!actor || actor.goneAt) throw new Refusal('missing', `${target} is not known here.`, [], { code: 'unknownActor', actor: target })
    if (isSuspended(tx, actor.host))
      throw new Refusal('forbidden', `${actor.host} is blocked here, so nothing is sent there.`, [], {
        code: 'blockedServer',
        host: actor.host,
      })
    const stray = posts.find(post => {
      const author = postByIri(tx, post)?.author
      return author ? author !== target : !URL.canParse(post) || new URL(post).host !== actor.host
    })
    if (stray) throw new Refusal('invalid', `${stray} is no post of ${target}.`, [], { code: 'strayPost', post: stray, actor: target })
    const now = ctx.now()
    const iri = freshIri(tx, id => activityIri(publicUrl, id), now)
    const report = { iri, reporter: nodeIri(publicUrl), target, posts: [...new Set(posts)], comment, at: now, closedAt: null }
    const id = addReport(tx, report)!
    record(tx, { kind: 'report.filed', subject: String(id), at: now })
    return { ...report, id }
  })
}

/**
 * Somebody elsewhere complains of the community. One reporter's complaints of a day are one while it stands, and of one server there
 * are at most so many (REPORT_LIMITS).
 * @returns why it is not kept, if it is not
 */
export function hearReport(
  ctx: Context,
  { comment, posts, ...said }: Pick<Report, 'iri' | 'reporter' | 'target' | 'posts' | 'comment'>,
): string | undefined {
  return transact(ctx.db, tx => {
    const now = ctx.now()
    const since = new Date(now.getTime() - REPORT_LIMITS.withinMs)
    if (rejectsReports(tx, new URL(said.reporter).host)) return 'reports from there are not taken'
    if (complainedSince(tx, said.reporter, said.target, since)) return 'reported already'
    if (openReportsFrom(tx, new URL(said.reporter).origin, since) >= REPORT_LIMITS.ofOneServer) return 'too many reports from there'
    const kept = { ...said, comment: complaint(comment), posts: posts.slice(0, REPORT_LIMITS.posts), at: now, closedAt: null }
    const id = addReport(tx, kept)
    if (id === undefined) return 'reported already'
    record(tx, { kind: 'report.received', subject: String(id), at: now })
    return undefined
  })
}

/** The steward has dealt with a complaint. @throws Refusal when there is none of that number, or it is closed already */
export function closeReport(ctx: Context, id: number): void {
  transact(ctx.db, tx => {
    if (!reportOf(tx, id)) throw new Refusal('missing', `There is no report numbered ${id}. npx archipelago reports lists them.`)
    if (!markClosed(tx, id, ctx.now())) throw new Refusal('conflict', `Report ${id} is closed already.`)
    record(tx, { kind: 'report.closed', subject: String(id), at: ctx.now() })
  })
}
