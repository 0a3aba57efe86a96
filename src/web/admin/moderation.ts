import type { FastifyInstance, FastifyReply } from 'fastify'
import { blockActor, blockableDomain, blockDomain, unblockActor, unblockDomain } from '../../actions/block.ts'
import { type Restored, undoActorBlock, undoDomainBlock } from '../../actions/undo-block.ts'
import { actorOf } from '../../db/actor.ts'
import { allActorBlocks, allBlocks, blockOf } from '../../db/block.ts'
import { type BlockPreview, previewActor, previewDomain } from '../../db/block-preview.ts'
import { allReports } from '../../db/report.ts'
import { handleOf } from '../../domain/actor.ts'
import { namesActor, type Severity } from '../../domain/block.ts'
import { writeBlocklist } from '../../domain/blocklist.ts'
import { Refusal } from '../../domain/refusal.ts'
import { fieldsOf } from '../forms.ts'
import type { Words } from '../messages.ts'
import { refusalWords } from '../refusal-words.ts'
import { admin, done, type StewardEdge, sendAdmin, type Visit } from './gate.ts'
import { moderationPage } from './pages/moderation-page.tsx'
import { moderationPreviewPage } from './pages/moderation-preview-page.tsx'

export const MODERATION = '/admin/moderation'

/** Whom a block would meet: a server, or one actor. */
export type Target = { kind: 'domain'; target: string; severity: Severity } | { kind: 'actor'; target: string; address: string }

/** Blocking servers and actors, looking first what that would cut, and undoing it. */
export function moderationRoutes(app: FastifyInstance, edge: StewardEdge): void {
  const { ctx, reach } = edge
  const act = 'moderation' as const

  const show = (reply: FastifyReply, visit: Visit, typed: { who?: string; severity?: string; fault?: string } = {}) => {
    const open = allReports(ctx.db).length
    const blocks = { domains: allBlocks(ctx.db), actors: allActorBlocks(ctx.db) }
    return sendAdmin(edge, reply, visit, moderationPage({ ...blocks, reports: open, typed }, visit.site.words))
  }

  async function targetOf(who: string, severity: string): Promise<Target> {
    if (!namesActor(who)) return { kind: 'domain', target: blockableDomain(ctx, who), severity: severity === 'limit' ? 'limit' : 'suspend' }
    const actor = actorOf(ctx.db, who) ?? (await reach.actor(who))
    return { kind: 'actor', target: actor.id, address: handleOf(actor) }
  }

  admin(app, edge, { method: 'GET', path: MODERATION, act, handler: (_request, reply, visit) => show(reply, visit) })

  admin(app, edge, {
    method: 'POST',
    path: `${MODERATION}/preview`,
    act,
    handler: async (request, reply, visit) => {
      const { who = '', severity = 'suspend' } = fieldsOf(request.body)
      try {
        const target = await targetOf(who.trim(), severity)
        const preview: BlockPreview =
          target.kind === 'domain' ? previewDomain(ctx.db, target.target, target.severity) : previewActor(ctx.db, target.target)
        const standing = target.kind === 'domain' ? blockOf(ctx.db, target.target) : undefined
        return sendAdmin(edge, reply, visit, moderationPreviewPage({ target, preview, standing }, visit.site.words))
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        return show(reply.code(422), visit, { who, severity, fault: refusalWords(visit.site.words, error) })
      }
    },
  })

  admin(app, edge, {
    method: 'POST',
    path: `${MODERATION}/block`,
    act,
    handler: async (request, reply, visit) => {
      const { who = '', severity = 'suspend', comment = '', note = '' } = fieldsOf(request.body)
      const { t } = visit.site.words
      try {
        const target = await targetOf(who.trim(), severity)
        if (target.kind === 'domain') blockDomain(ctx, target.target, target.severity, { comment, note })
        else blockActor(ctx, target.target, note)
        const name = target.kind === 'domain' ? target.target : target.address
        const text = t(target.kind === 'domain' && target.severity === 'limit' ? 'moderation.limited' : 'moderation.blocked', { who: name })
        const undo = { action: `${MODERATION}/unblock`, fields: { target: target.target, restore: 'yes' } }
        return done(edge, reply, visit, MODERATION, { text, undo })
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        return show(reply.code(422), visit, { who, severity, fault: refusalWords(visit.site.words, error) })
      }
    },
  })

  admin(app, edge, {
    method: 'POST',
    path: `${MODERATION}/unblock`,
    act,
    handler: (request, reply, visit) => {
      const { target = '', restore } = fieldsOf(request.body)
      const { words } = visit.site
      const actor = /^https?:/.test(target) ? actorOf(ctx.db, target) : undefined
      const who = actor ? handleOf(actor) : target
      try {
        if (restore === 'yes') {
          const restored = actor ? undoActorBlock(ctx, actor.id) : undoDomainBlock(ctx, target)
          return done(edge, reply, visit, MODERATION, restoredWords(words, who, restored))
        }
        if (actor) unblockActor(ctx, actor.id)
        else unblockDomain(ctx, target)
        return done(edge, reply, visit, MODERATION, words.t('moderation.unblocked', { who }))
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        return done(edge, reply, visit, MODERATION, words.t('moderation.notBlocked', { who }))
      }
    },
  })

  admin(app, edge, {
    method: 'GET',
    path: `${MODERATION}/blocks.csv`,
    act,
    handler: (_request, reply) =>
      reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="domain_blocks.csv"')
        .send(writeBlocklist(allBlocks(ctx.db))),
  })
}

/** What came back when a block ended, and who must come themselves. */
export function restoredWords({ t }: Words, who: string, { following, followers, lost }: Restored): string {
  return [
    t('moderation.unblocked', { who }),
    ...(following.length > 0 ? [t('moderation.askedAgain', { count: following.length })] : []),
    ...(followers.length > 0 ? [t('moderation.followersBack', { count: followers.length })] : []),
    ...(lost.length > 0 ? [t('moderation.mustFollow', { count: lost.length, names: lost.slice(0, 5).join(', ') })] : []),
  ].join(' ')
}
