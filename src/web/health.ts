import { accessSync, constants, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Context } from '../context.ts'
import { databaseFault, explainFault } from '../db/fault.ts'
import { waitingSince } from '../db/figures.ts'
import { receivedAhead } from '../db/schedule.ts'
import { setting } from '../db/setting.ts'
import type { ClockWatch } from '../lib/clock-watch.ts'
import type { Counters } from '../lib/counters.ts'
import { PROMETHEUS_TEXT, prometheusText } from '../lib/prometheus.ts'
import { metricsOf, watchEventLoop } from './metrics.ts'
import { isPrivateCaller } from './private-caller.ts'

export type Health = { ctx: Context; counters: Counters; clock: ClockWatch }
type Trouble = { reason: 'database' | 'disk' | 'clock' | 'deliveries'; message: string }

const LEAST_ROOM_BYTES = 64 << 20
const LONGEST_WAIT_MS = 5 * 60_000
const CLOCK_TOLERANCE_MS = 2 * 60_000

/** What a supervisor and a monitor ask. None of it writes, or waits for anybody. */
export async function healthRoutes(app: FastifyInstance, health: Health): Promise<void> {
  const { ctx, counters } = health
  const eventLoop = watchEventLoop()
  app.addHook('onClose', async () => eventLoop.stop())
  app.addHook('onRequest', async (_request, reply) => void reply.header('cache-control', 'no-store'))

  app.get('/healthz', (_request, reply) => reply.type('text/plain; charset=utf-8').send('alive\n'))
  app.get('/readyz', (_request, reply) => {
    const reasons = troubles(health)
    return reply.code(reasons.length > 0 ? 503 : 200).send({ ready: reasons.length === 0, reasons })
  })
  app.get('/metrics', (request, reply) => {
    const { metricsToken } = ctx.config
    if (!isPrivateCaller(request, metricsToken)) return refuse(reply, metricsToken)
    return reply.type(PROMETHEUS_TEXT).send(prometheusText(metricsOf(ctx, counters, eventLoop)))
  })
}

function refuse(reply: FastifyReply, token: string): FastifyReply {
  if (token) return reply.code(401).header('www-authenticate', 'Bearer').send({ error: 'This needs the token of METRICS_TOKEN.' })
  return reply.code(403).send({ error: 'This is only for programs on the node’s own machine, until METRICS_TOKEN is set.' })
}

/** Why nobody should count on this node at the moment. Figures are left out: anybody may ask. */
function troubles({ ctx, clock }: Health): Trouble[] {
  try {
    return [...databaseTrouble(ctx), ...diskTrouble(ctx), ...clockTrouble(ctx, clock), ...deliveryTrouble(ctx)]
  } catch (error) {
    const fault = databaseFault(error)
    if (!fault) throw error
    return [{ reason: 'database', message: explainFault(fault).words }]
  }
}

function databaseTrouble({ db }: Context): Trouble[] {
  return setting(db, 'publicUrl') ? [] : [{ reason: 'database', message: 'The database is empty.' }]
}

function diskTrouble({ db }: Context): Trouble[] {
  const { name, memory } = db.$client
  if (memory) return []
  accessSync(name, constants.W_OK)
  const { bavail, bsize } = statfsSync(dirname(name))
  return bavail * bsize < LEAST_ROOM_BYTES ? [{ reason: 'disk', message: 'The disk with the data is almost full.' }] : []
}

function clockTrouble({ db, now }: Context, clock: ClockWatch): Trouble[] {
  if (Math.abs(clock.lately()) > CLOCK_TOLERANCE_MS) return [{ reason: 'clock', message: 'The clock of this machine was moved just now.' }]
  if (receivedAhead(db, now()) > CLOCK_TOLERANCE_MS)
    return [{ reason: 'clock', message: 'By the clock of this machine the last activity arrived in the future.' }]
  return []
}

function deliveryTrouble({ db, now }: Context): Trouble[] {
  const since = waitingSince(db, now())
  const waits = since !== undefined && now().getTime() - since.getTime() > LONGEST_WAIT_MS
  return waits ? [{ reason: 'deliveries', message: 'Deliveries that are due have not been tried for minutes.' }] : []
}
