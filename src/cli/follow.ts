import type { Command } from 'commander'
import { decideFollower } from '../actions/follower.ts'
import { followActor, unfollowActor } from '../actions/following.ts'
import { actorOf } from '../db/actor.ts'
import { theCommunity } from '../db/community.ts'
import { allFollowers } from '../db/follower.ts'
import { allFollowing } from '../db/following.ts'
import { handleOf } from '../domain/actor.ts'
import { Refusal } from '../domain/refusal.ts'
import { followingListCommand } from './following-list.ts'
import { day, print, say, table } from './output.ts'
import { type JsonOption, jsonOption, withFederation, withNode } from './run.ts'

type Row = { actor: string; handle: string; host: string; name: string; state: string; since: Date }

export function followCommands(program: Command): void {
  jsonOption(program.command('follow'))
    .description('ask to follow a community, or anyone on the fediverse')
    .argument('<who>', 'a handle such as @brookfarm@example.org, or an address')
    .action((who: string, options: JsonOption) =>
      withFederation(async federation => {
        theCommunity(federation.ctx.db)
        if (!options.json) say(`Looking for ${who} …`)
        const { lookUp } = await import('../federation/lookup.ts')
        const actor = await lookUp(federation, who)
        const { state } = followActor(federation.ctx, actor.id)
        const address = handleOf(actor)
        const words =
          state === 'accepted'
            ? `${actor.name} (${address}) is followed already.`
            : `${actor.name} (${address}) is asked. The running node sends the request; npx archipelago following shows the answer.`
        print({ address, actor: actor.id, name: actor.name, state }, options.json, () => words)
      }),
    )

  jsonOption(program.command('unfollow'))
    .description('follow somebody no longer')
    .argument('<who>', 'handle or address')
    .action((who: string, options: JsonOption) =>
      withNode(ctx => {
        const row = named(allFollowing(ctx.db), who, address => actorOf(ctx.db, address)?.url)
        if (!row) throw new Refusal('missing', `This community does not follow ${who}. npx archipelago following lists whom it follows.`)
        unfollowActor(ctx, row.actor)
        print({ address: handleOf(row), actor: row.actor }, options.json, () => `${row.name} (${handleOf(row)}) is not followed any more.`)
      }),
    )

  jsonOption(program.command('followers'))
    .description('list who follows the community, and who asks to')
    .action((options: JsonOption) =>
      withNode(ctx => list(theCommunity(ctx.db) && allFollowers(ctx.db), options, 'Nobody follows this community yet.')),
    )

  const following = program.command('following').description('whom the community follows, and lists of whom to follow from elsewhere')
  followingListCommand(following)
  jsonOption(following.command('list', { isDefault: true }))
    .description('list whom the community follows, and whether they have accepted')
    .action((options: JsonOption) =>
      withNode(ctx =>
        list(
          theCommunity(ctx.db) && allFollowing(ctx.db),
          options,
          'This community follows nobody yet. npx archipelago follow HANDLE begins.',
        ),
      ),
    )

  for (const decision of ['accept', 'reject'] as const) {
    jsonOption(program.command(decision))
      .description(decision === 'accept' ? 'let somebody follow who asks to' : 'turn somebody away who asks to follow, or who follows')
      .argument('<who>', 'handle or address')
      .action((who: string, options: JsonOption) =>
        withNode(ctx => {
          const row = named(allFollowers(ctx.db), who, address => actorOf(ctx.db, address)?.url)
          if (!row) throw new Refusal('missing', `${who} has not asked to follow this community. npx archipelago followers lists who has.`)
          decideFollower(ctx, row.actor, decision)
          print(
            { address: handleOf(row), actor: row.actor, decision },
            options.json,
            () => `${row.name} (${handleOf(row)}) ${decision === 'accept' ? 'follows now' : 'is turned away'}.`,
          )
        }),
      )
  }
}

function list(rows: Row[], options: JsonOption, empty: string): void {
  const data = rows.map(row => ({ address: handleOf(row), actor: row.actor, name: row.name, state: row.state, since: row.since }))
  print(data, options.json, () => table(data.map(row => [row.address, row.state, day(row.since), row.name])))
  if (rows.length === 0 && !options.json) say(empty)
}

function named(rows: Row[], who: string, pageOf: (actor: string) => string | undefined): Row | undefined {
  const wanted = who
    .trim()
    .replace(/^acct:/, '')
    .replace(/^@?/, '@')
    .toLowerCase()
  return rows.find(row => row.actor === who.trim() || pageOf(row.actor) === who.trim() || handleOf(row).toLowerCase() === wanted)
}
