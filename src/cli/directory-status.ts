import type { Command } from 'commander'
import { unvouch, vouchedFor, vouchFor } from '../actions/vouch.ts'
import { localCommunity } from '../db/community.ts'
import { contenderCount } from '../db/contender.ts'
import { directorySize } from '../db/directory.ts'
import type { Db } from '../db/open.ts'
import { recordCounts, recordOf } from '../db/record.ts'
import { treeRoot } from '../db/tree.ts'
import { communityIri } from '../domain/iri.ts'
import { day, print, table } from './output.ts'
import { type JsonOption, jsonOption, withFederation, withNode } from './run.ts'
import { knownActor } from './who.ts'

export function directoryStatusCommands(program: Command): void {
  const directory = program.command('directory').description('what this node knows of the communities of the network')
  jsonOption(directory.command('status'))
    .description('how many entries there are, how sure this node is of them, and how its own stands')
    .action((options: JsonOption) =>
      withNode(({ db, config }) => {
        const community = localCommunity(db)
        const status = statusOf(db, community && communityIri(config.publicUrl, community.handle))
        print(status, options.json, () => inWords(status))
      }),
    )

  jsonOption(program.command('vouch'))
    .description('say in the community’s entry that another is what it says it is; without WHO list for whom it says so')
    .argument('[who]', 'handle or address')
    .action((who: string | undefined, options: JsonOption) =>
      withFederation(async federation => {
        const { ctx } = federation
        if (who === undefined) {
          const all = vouchedFor(ctx.db)
          print({ vouchesFor: all }, options.json, () => all.join('\n'))
          return
        }
        const { lookUp } = await import('../federation/lookup.ts')
        const { id, name } = knownActor(ctx.db, who) ?? (await lookUp(federation, who))
        vouchFor(ctx, id)
        print({ actor: id, vouchesFor: vouchedFor(ctx.db) }, options.json, () => `The community vouches for ${name} (${id}).`)
      }),
    )
  jsonOption(program.command('unvouch'))
    .description('vouch for another community no longer')
    .argument('<who>', 'handle or address')
    .action((who: string, options: JsonOption) =>
      withNode(ctx => {
        const actor = knownActor(ctx.db, who)?.id ?? who
        unvouch(ctx, actor)
        print({ actor, vouchesFor: vouchedFor(ctx.db) }, options.json, () => `The community does not vouch for ${actor} any more.`)
      }),
    )
}

function statusOf(db: Db, actor: string | undefined) {
  const { unsigned, ...states } = recordCounts(db)
  const own = actor === undefined ? undefined : recordOf(db, actor)
  const signed = Object.values(states).reduce((sum, n) => sum + n, 0) - unsigned
  const looked = states.vouched + states.confirmed - unsigned
  return {
    searchable: directorySize(db),
    states,
    unsigned,
    waiting: contenderCount(db),
    confirmedShare: looked + states.heard === 0 ? 1 : looked / (looked + states.heard),
    signed,
    root: treeRoot(db).toString('hex'),
    own: own?.hash
      ? { kind: own.kind, seq: own.seq, hash: own.hash.toString('hex'), updated: own.updatedAt, expires: own.expiresAt }
      : null,
  }
}

function inWords({ searchable, states, unsigned, waiting, confirmedShare, root, own }: ReturnType<typeof statusOf>): string {
  return table([
    ['found by searches', String(searchable)],
    ['vouched for', String(states.vouched)],
    ['confirmed', String(states.confirmed)],
    ['heard, not yet checked', String(states.heard)],
    ['share checked', `${Math.floor(confirmedShare * 100)} %`],
    ['contradicting themselves', String(states.forked)],
    ['withdrawn', String(states.tombstoned)],
    ['not renewed', String(states.expired)],
    ['not signed', String(unsigned)],
    ['new keys waiting', String(waiting)],
    ['own entry', own ? `${own.kind === 'entry' ? 'listed' : 'withdrawn'} since ${day(own.updated)}, until ${day(own.expires)}` : 'none'],
    ['tree', root],
  ])
}
