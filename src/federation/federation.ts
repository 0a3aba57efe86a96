import type { Context } from '../context.ts'
import { type Commit, groupCommit } from '../db/group-commit.ts'
import { type Counters, createCounters } from '../lib/counters.ts'
import { createEngine, type Engine } from './engine.ts'
import { FetchRefusal } from './fetch-refusal.ts'
import { createHostGate, type HostGate, type Verdict } from './host-gate.ts'
import { createKeyring, type Keyring } from './keyring.ts'

/** What the parts of the fediverse edge share. Made once for a process or a test. */
export type Federation = {
  ctx: Context
  engine: Engine
  keyring: Keyring
  commit: Commit
  gate: HostGate
  counters: Counters
}

export function createFederation(ctx: Context, counters = createCounters()): Federation {
  const keyring = createKeyring(ctx.db)
  return {
    ctx,
    counters,
    keyring,
    engine: createEngine(ctx),
    commit: groupCommit(ctx.db),
    gate: createHostGate(ctx.now, verdictOn),
  }
}

// What we refuse to ask, or to take, says nothing of the server: else one bad address could shut out everybody there.
function verdictOn(error: unknown): Verdict {
  if (!(error instanceof FetchRefusal)) return 'well'
  return error.code === 'timeout' ? 'hangs' : error.code === 'network' ? 'away' : 'well'
}
