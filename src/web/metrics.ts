import { statSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Context } from '../context.ts'
import { figures, waitingSince } from '../db/figures.ts'
import type { Counters } from '../lib/counters.ts'
import type { Metric, Sample } from '../lib/prometheus.ts'

/** How late timers run, in seconds, since this was last asked. */
export type EventLoop = { lag(): { p50: number; p99: number; max: number }; stop(): void }

// In milliseconds. Coarse, so that an idle node stays idle.
const RESOLUTION = 50

export function watchEventLoop(): EventLoop {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION })
  histogram.enable()
  // The histogram holds whole intervals, in nanoseconds.
  const late = (interval: number) => Math.max(0, interval / 1e9 - RESOLUTION / 1e3)
  return {
    lag() {
      const lag = { p50: late(histogram.percentile(50)), p99: late(histogram.percentile(99)), max: late(histogram.max) }
      histogram.reset()
      return lag
    },
    stop: () => void histogram.disable(),
  }
}

export function metricsOf({ config, db, now }: Context, counters: Counters, eventLoop: EventLoop): Metric[] {
  const counted = counters.all()
  const samples = (of: string, label: string): Sample[] =>
    counted.filter(count => count.of === of).map(({ as, value }) => ({ labels: { [label]: as }, value }))
  const counter = (name: string, help: string, of: string, label: string): Metric => ({
    name: `archipelago_${name}_total`,
    help,
    type: 'counter',
    samples: samples(of, label),
  })
  const gauge = (name: string, help: string, value: number | undefined): Metric => ({
    name,
    help,
    type: 'gauge',
    samples: value === undefined ? [] : [{ value }],
  })
  const { followers, entries, deliveries, errands, failingHosts } = figures(db)
  const { rss, heapUsed, external } = process.memoryUsage()
  const { user, system } = process.cpuUsage()
  const lag = eventLoop.lag()
  const file = db.$client.memory ? undefined : db.$client.name
  const waiting = (now().getTime() - (waitingSince(db, now()) ?? now()).getTime()) / 1e3

  return [
    {
      name: 'archipelago_build_info',
      help: 'Which version this is; always 1.',
      type: 'gauge',
      samples: [{ labels: { version: config.version, node: process.version }, value: 1 }],
    },
    counter('activities_received', 'Activities written down, by whether they had an effect.', 'received', 'outcome'),
    counter('activities_refused', 'Requests to an inbox that were refused, by reason.', 'refused', 'reason'),
    counter('deliveries', 'Attempts to deliver, by what came of them.', 'delivery', 'outcome'),
    gauge('archipelago_deliveries_queued', 'Deliveries that have not arrived yet.', deliveries),
    gauge('archipelago_deliveries_waiting_seconds', 'How long the longest waiting server is due without being served.', waiting),
    gauge('archipelago_hosts_failing', 'Servers that did not answer when last tried.', failingHosts),
    gauge('archipelago_errands', 'Objects still to be fetched for accepted activities.', errands),
    gauge('archipelago_followers', 'Followers of the community.', followers),
    gauge('archipelago_entries', 'Communities in the directory.', entries),
    gauge('archipelago_database_bytes', 'Size of the database file.', file === undefined ? file : sizeOf(file)),
    gauge('archipelago_wal_bytes', 'Size of its write-ahead log.', file === undefined ? file : sizeOf(`${file}-wal`)),
    {
      name: 'archipelago_event_loop_lag_seconds',
      help: 'How late timers ran since this was last asked.',
      type: 'gauge',
      samples: Object.entries(lag).map(([quantile, value]) => ({ labels: { quantile }, value })),
    },
    gauge('process_resident_memory_bytes', 'Memory of the process.', rss),
    gauge('nodejs_heap_used_bytes', 'Memory in use by objects.', heapUsed),
    gauge('nodejs_external_memory_bytes', 'Memory in use outside the heap.', external),
    {
      name: 'process_cpu_seconds_total',
      help: 'Processor time used.',
      type: 'counter',
      samples: [{ value: (user + system) / 1e6 }],
    },
    gauge('process_start_time_seconds', 'When the process started.', Math.round(Date.now() / 1e3 - process.uptime())),
  ]
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}
