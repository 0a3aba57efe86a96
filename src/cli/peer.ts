import type { Command } from 'commander'
import { leavePeer, namePeer, type PeerReport, peerReports } from '../actions/peer.ts'
import { day, print, say, table } from './output.ts'
import { type JsonOption, jsonOption, withFederation, withNode } from './run.ts'

export function peerCommands(program: Command): void {
  const peer = program.command('peer').description('other nodes to exchange the directory with; any one of them leads to all')
  jsonOption(peer.command('add'))
    .description('exchange the directory with a node')
    .argument('<address>', 'of the node, or of anything on it, such as https://example.org')
    .action((address: string, options: JsonOption) =>
      withFederation(async federation => {
        const { findNode } = await import('../federation/exchange/node-actor.ts')
        const { node, origin } = namePeer(federation.ctx, await findNode(federation, address))
        print({ node, origin }, options.json, () => `${origin} is a peer now. The running node visits it at once.`)
      }),
    )
  jsonOption(peer.command('remove'))
    .description('forget a node; one that is in the directory may be met again')
    .argument('<address>', 'of the node')
    .action((address: string, options: JsonOption) =>
      withNode(ctx => {
        const { node, origin } = leavePeer(ctx, address.trim())
        print({ node, origin }, options.json, () => `${origin} is no peer any more. To hear nothing of it: npx archipelago block.`)
      }),
    )
  jsonOption(program.command('peers'))
    .description('list the nodes this one exchanges the directory with, and how that goes')
    .action((options: JsonOption) =>
      withNode(ctx => {
        const reports = peerReports(ctx)
        print(reports, options.json, () => table(reports.map(rowOf)))
        if (reports.length === 0 && !options.json) say('This node knows no other. npx archipelago peer add ADDRESS of any node begins.')
      }),
    )
}

function rowOf({ origin, score, inView, source, visitedAt, entries, bannedUntil, failures }: PeerReport): string[] {
  const standing = bannedUntil
    ? `not asked until ${day(bannedUntil)}`
    : failures > 0
      ? `failed ${failures} times`
      : inView
        ? 'asked'
        : 'known'
  return [
    origin,
    `score ${score}`,
    standing,
    source,
    `${entries} entries`,
    visitedAt ? `last ${visitedAt.toISOString().slice(0, 16)}Z` : 'never visited',
  ]
}
