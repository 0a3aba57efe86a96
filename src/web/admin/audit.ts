import type { FastifyInstance } from 'fastify'
import { actorOf } from '../../db/actor.ts'
import { kindsOfEvents, pastEvents } from '../../db/audit.ts'
import { namesOfStewards } from '../../db/steward.ts'
import { handleOf } from '../../domain/actor.ts'
import { admin, type StewardEdge, sendAdmin } from './gate.ts'
import { auditPage } from './pages/audit-page.tsx'

type Asked = { Querystring: { kind?: string | string[]; steward?: string | string[]; before?: string | string[] } }

const PER_PAGE = 50

/** Who did what, and when: the log of events in words. */
export function auditRoutes(app: FastifyInstance, edge: StewardEdge): void {
  const { db } = edge.ctx
  admin<Asked>(app, edge, {
    method: 'GET',
    path: '/admin/audit',
    act: 'audit',
    handler: (request, reply, visit) => {
      const { query } = request
      const names = namesOfStewards(db)
      const kind = typeof query.kind === 'string' && query.kind ? query.kind.slice(0, 80) : undefined
      const filter = { kind, steward: numberIn(query.steward), before: numberIn(query.before) }
      const events = pastEvents(db, filter, PER_PAGE + 1)
      const shown = events.slice(0, PER_PAGE).map(event => ({
        ...event,
        who: event.steward == null ? undefined : names.get(event.steward),
        subject: event.kind.startsWith('steward.') ? (names.get(Number(event.subject)) ?? event.subject) : named(event.subject),
      }))
      const page = { events: shown, more: events.length > PER_PAGE, filter, kinds: kindsOfEvents(db), names }
      return sendAdmin(edge, reply, visit, auditPage(page, visit.site.words))
    },
  })

  /** An actor by its handle; anything else as it stands. */
  function named(subject: string): string {
    const actor = /^https?:/.test(subject) ? actorOf(db, subject) : undefined
    return actor ? handleOf(actor) : subject
  }
}

function numberIn(text: unknown): number | undefined {
  return typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}
