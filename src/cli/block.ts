import { type Command, Option } from 'commander'
import { blockActor, blockDomain, unblockActor, unblockDomain } from '../actions/block.ts'
import { allActorBlocks, allBlocks } from '../db/block.ts'
import { handleOf } from '../domain/actor.ts'
import { namesActor, type Severity } from '../domain/block.ts'
import { Refusal } from '../domain/refusal.ts'
import { day, print, say, table } from './output.ts'
import { type JsonOption, jsonOption, withFederation, withNode } from './run.ts'
import { findActor, knownActor } from './who.ts'

type BlockOptions = JsonOption & { severity: Severity }

export function blockCommands(program: Command): void {
  jsonOption(program.command('block'))
    .description('have nothing to do with a server and its subdomains, or with a single actor')
    .argument('<whom>', 'a domain such as example.org, or a handle such as @brookfarm@example.org')
    .addOption(
      new Option('--severity <how>', 'for a server: suspend cuts every tie; limit only takes it out of the directory')
        .choices(['suspend', 'limit'])
        .default('suspend'),
    )
    .action((text: string, options: BlockOptions) => (namesActor(text) ? blockOne(text, options) : blockServer(text, options)))
  jsonOption(program.command('unblock'))
    .description('end a block; what was cut does not come back by itself')
    .argument('<whom>', 'domain or handle')
    .action((text: string, options: JsonOption) =>
      withNode(ctx => {
        if (!namesActor(text)) {
          const domain = unblockDomain(ctx, text)
          print({ domain }, options.json, () => `${domain} is not blocked any more.`)
          return
        }
        const actor = knownActor(ctx.db, text)
        if (!actor) throw new Refusal('missing', `${text} is not blocked. npx archipelago blocks lists who is.`)
        unblockActor(ctx, actor.id)
        const address = handleOf(actor)
        print({ actor: actor.id, address }, options.json, () => `${address} is not blocked any more.`)
      }),
    )
  jsonOption(program.command('blocks'))
    .description('list the blocked servers and actors')
    .action((options: JsonOption) =>
      withNode(ctx => {
        const servers = allBlocks(ctx.db)
        const actors = allActorBlocks(ctx.db).map(({ actor, since, handle, host }) => ({
          actor,
          address: handle && host ? handleOf({ handle, host }) : actor,
          since,
        }))
        print([...servers, ...actors], options.json, () =>
          table([
            ...servers.map(({ domain, severity, since }) => [domain, severity, day(since)]),
            ...actors.map(({ address, since }) => [address, 'actor', day(since)]),
          ]),
        )
        if (servers.length + actors.length === 0 && !options.json) say('Nobody is blocked.')
      }),
    )
}

function blockServer(text: string, options: BlockOptions): Promise<void> {
  return withNode(ctx => {
    const { domain, actors } = blockDomain(ctx, text, options.severity)
    const what = options.severity === 'suspend' ? 'blocked: nothing of it is taken, sent or kept' : 'limited: it is in no directory here'
    print(
      { domain, severity: options.severity, actors },
      options.json,
      () => `${domain} is ${what} (${actors} known actors). npx archipelago unblock ${domain} ends that.`,
    )
  })
}

function blockOne(text: string, options: BlockOptions): Promise<void> {
  if (options.severity !== 'suspend') throw new Refusal('invalid', 'Only a whole server can be limited; a single actor is blocked.')
  return withFederation(async federation => {
    const actor = await findActor(federation, text)
    blockActor(federation.ctx, actor.id)
    const address = handleOf(actor)
    print(
      { actor: actor.id, address },
      options.json,
      () => `${address} is blocked: nothing of it is taken or kept. npx archipelago unblock ${address} ends that.`,
    )
  })
}
