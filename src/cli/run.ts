import type { Command } from 'commander'
import { readConfig } from '../config.ts'
import type { Context } from '../context.ts'
import type { Federation } from '../federation/federation.ts'
import { createLog, openNode, withKnownAddress } from '../node.ts'

/** Opens the node for the length of one command. The server may be running on the same data meanwhile. */
export async function withNode(work: (ctx: Context) => void | Promise<void>, newcomer = false): Promise<void> {
  const config = readConfig()
  const settled = newcomer ? config : withKnownAddress(config)
  // What a person should read is said by the command itself.
  const ctx = openNode(settled, createLog({ ...settled, logLevel: 'silent' }))
  try {
    await work(ctx)
  } finally {
    await ctx.fetch.close()
    ctx.db.$client.close()
  }
}

export function withFederation(work: (federation: Federation) => Promise<void>): Promise<void> {
  return withNode(async ctx => work((await import('../federation/federation.ts')).createFederation(ctx)))
}

export function jsonOption(command: Command): Command {
  return command.option('--json', 'print JSON for programs')
}
export type JsonOption = { json?: boolean }
