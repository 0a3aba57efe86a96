import type { FastifyInstance, FastifyReply } from 'fastify'
import { openDraft } from '../../actions/charter-draft.ts'
import { foundFromDraft, SKIPPABLE, skippedSteps, skipStep } from '../../actions/first-run.ts'
import { followActor } from '../../actions/following.ts'
import { namePeer } from '../../actions/peer.ts'
import { localCommunity } from '../../db/community.ts'
import { allFollowing } from '../../db/following.ts'
import { listPeers } from '../../db/peer.ts'
import { handleOf } from '../../domain/actor.ts'
import { judgeDraft } from '../../domain/charter-fault.ts'
import { checkHandle, suggestHandle } from '../../domain/community.ts'
import { Refusal } from '../../domain/refusal.ts'
import { may } from '../../domain/steward.ts'
import { shortened } from '../../lib/text.ts'
import { fieldsOf } from '../forms.ts'
import { refusalWords } from '../refusal-words.ts'
import { admin, done, type StewardEdge, sendAdmin, type Visit } from './gate.ts'
import { firstRunPage, type Progress, type Step } from './pages/first-run-page.tsx'
import type { FieldFault } from './parts/form.tsx'

const PATH = '/admin/first-run'

/** From an account on an empty node to a community others can find, step by step; each can be left and taken up again. */
export function firstRunRoutes(app: FastifyInstance, edge: StewardEdge): void {
  const { ctx } = edge
  const act = 'charter' as const

  const progressOf = ({ steward }: Visit): Progress => {
    const home = localCommunity(ctx.db)
    const { raw, version } = openDraft(ctx, ctx.db, steward.id)
    const judged = judgeDraft(raw)
    const skipped = skippedSteps(ctx)
    const peers = listPeers(ctx.db).filter(({ source }) => source === 'steward')
    const followed = allFollowing(ctx.db)
    const name = typeof raw.name === 'string' ? raw.name.trim() : ''
    const did: Record<Step, boolean> = {
      account: true,
      charter: home !== undefined || 'charter' in judged,
      place: home !== undefined || hasPlace(raw.place) || skipped.includes('place'),
      found: home !== undefined,
      peers: peers.length + followed.length > 0 || skipped.includes('peers'),
    }
    return {
      did,
      owner: may(steward.role, 'settings'),
      step: (Object.keys(did) as Step[]).find(step => !did[step]),
      begun: version > 0,
      name,
      handle: home?.handle ?? suggestHandle(name),
      missing: 'faults' in judged ? judged.faults.length : 0,
      known: [
        ...peers.map(({ origin }) => origin),
        ...followed.map(({ actor, handle, host }) => (handle && host ? handleOf({ handle, host }) : actor)),
      ],
    }
  }
  const show = (reply: FastifyReply, visit: Visit, fields: Record<string, string> = {}, faults: readonly FieldFault[] = []) =>
    sendAdmin(edge, reply, visit, firstRunPage({ ...progressOf(visit), fields, faults }, visit.site))

  admin(app, edge, { method: 'GET', path: PATH, act, handler: (_request, reply, visit) => show(reply, visit) })

  admin(app, edge, {
    method: 'POST',
    path: `${PATH}/skip`,
    act,
    handler: (request, reply) => {
      const { step } = fieldsOf(request.body)
      const skippable = SKIPPABLE.find(one => one === step)
      if (skippable) skipStep(ctx, skippable)
      return reply.redirect(PATH, 303)
    },
  })

  admin(app, edge, {
    method: 'POST',
    path: `${PATH}/found`,
    // It cannot be taken back: the handle stays.
    act: 'settings',
    handler: (request, reply, visit) => {
      const { t } = visit.site.words
      const fields = fieldsOf(request.body)
      const handle = (fields.handle ?? '').trim().replace(/^@/, '').toLowerCase()
      const again = (faults: FieldFault[]) => show(reply.code(422), visit, { ...fields, handle }, faults)
      if (localCommunity(ctx.db)) return reply.redirect(PATH, 303)
      if (!progressOf(visit).did.charter) return again([{ text: t('firstrun.noCharter') }])
      const faults = [
        ...(isGood(handle) ? [] : [{ field: 'handle', text: t('firstrun.handleWrong') }]),
        ...(fields.listed === 'yes' || fields.listed === 'no' ? [] : [{ field: 'listed', text: t('firstrun.listedMissing') }]),
      ]
      if (faults.length > 0) return again(faults)
      foundFromDraft(ctx, visit.steward.id, handle, fields.listed === 'yes')
      return done(edge, reply, visit, PATH, t('firstrun.founded', { address: `@${handle}@${ctx.config.host}` }))
    },
  })

  admin(app, edge, {
    method: 'POST',
    path: `${PATH}/peer`,
    act: 'settings',
    handler: async (request, reply, visit) => {
      const { t } = visit.site.words
      const fields = fieldsOf(request.body)
      const address = shortened((fields.address ?? '').trim(), 500)
      const again = (text: string) => show(reply.code(422), visit, fields, [{ field: 'address', text }])
      if (!address) return again(t('firstrun.addressMissing'))
      if (!localCommunity(ctx.db)) return reply.redirect(PATH, 303)
      try {
        return done(edge, reply, visit, PATH, t('firstrun.met', { who: await meet(address) }))
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        return again(t('firstrun.notFound', { why: refusalWords(visit.site.words, error) }))
      }
    },
  })

  /** A community is followed, and its node asked for its directory; of a node alone only the latter. */
  async function meet(address: string): Promise<string> {
    const handle = /^@?[^@\s/]+@[^@\s/]+$/.test(address)
    const actor = handle || /\/(c|communities|@)/.test(address) ? await edge.reach.actor(address) : undefined
    if (actor) followActor(ctx, actor.id)
    const at = actor ? new URL(actor.id).origin : /^https?:/i.test(address) ? address : `https://${address}`
    try {
      const { origin } = namePeer(ctx, await edge.reach.node(at))
      return actor ? handleOf(actor) : origin
    } catch (error) {
      // Who is followed need not live on a node like this one.
      if (actor && error instanceof Refusal) return handleOf(actor)
      throw error
    }
  }
}

function isGood(handle: string): boolean {
  try {
    return checkHandle(handle) === handle
  } catch {
    return false
  }
}

function hasPlace(place: unknown): boolean {
  const said = (place ?? {}) as Record<string, unknown>
  return ['country', 'region', 'locality', 'street', 'latitude'].some(key => typeof said[key] === 'string' && said[key].trim() !== '')
}
