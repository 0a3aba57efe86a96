import { type Command, Option } from 'commander'
import { blockActor, blockableDomain, blockDomain, unblockActor, unblockDomain } from '../actions/block.ts'
import { type Restored, undoActorBlock, undoDomainBlock } from '../actions/undo-block.ts'
import { type BlockPreview, type Named, previewActor, previewDomain } from '../db/block-preview.ts'
import { handleOf } from '../domain/actor.ts'
import { namesActor, readDomain, type Severity } from '../domain/block.ts'
import { Refusal } from '../domain/refusal.ts'
import { print, say, table } from './output.ts'
import { type JsonOption, jsonOption, withFederation, withNode } from './run.ts'
import { findActor, knownActor } from './who.ts'

type BlockOptions = JsonOption & { severity: Severity; comment?: string; note?: string; preview?: boolean }

export function blockCommands(program: Command): void {
  jsonOption(program.command('block'))
    .description('have nothing to do with a server and its subdomains, or with a single actor')
    .argument('<whom>', 'a domain such as example.org, or a handle such as @brookfarm@example.org')
    .addOption(
      new Option('--severity <how>', 'for a server: suspend cuts every tie; limit only takes it out of the directory')
        .choices(['suspend', 'limit'])
        .default('suspend'),
    )
    .option('--comment <words>', 'why, as it stands in exported lists')
    .option('--note <words>', 'why, for stewards alone')
    .option('--preview', 'change nothing, and say what it would cut')
    .action((text: string, options: BlockOptions) => (namesActor(text) ? blockOne(text, options) : blockServer(text, options)))
  jsonOption(program.command('unblock'))
    .description('end a block; what was cut does not come back by itself')
    .argument('<whom>', 'domain or handle')
    .option('--restore', 'bring back what can be: ask those again who were followed, and let followers in who had not been told')
    .action((text: string, options: JsonOption & { restore?: boolean }) =>
      withNode(ctx => {
        const actor = namesActor(text) ? knownActor(ctx.db, text) : undefined
        if (namesActor(text) && !actor) throw new Refusal('missing', `${text} is not blocked. npx archipelago blocks lists who is.`)
        const address = actor ? handleOf(actor) : readDomain(text)
        const restored = options.restore ? (actor ? undoActorBlock(ctx, actor.id) : undoDomainBlock(ctx, text)) : undefined
        if (!restored && actor) unblockActor(ctx, actor.id)
        else if (!restored) unblockDomain(ctx, text)
        const who = actor ? { actor: actor.id, address } : { domain: address }
        print({ ...who, ...restored }, options.json, () =>
          [`${address} is not blocked any more.`, ...(restored ? restoredWords(restored) : [])].join('\n'),
        )
      }),
    )
}

export function restoredWords({ following, followers, lost }: Restored): string[] {
  return [
    ...(following.length > 0 ? [`Asked to be followed again: ${following.join(', ')}`] : []),
    ...(followers.length > 0 ? [`Followers again: ${followers.join(', ')}`] : []),
    ...(lost.length > 0 ? [`Must follow again themselves: ${lost.join(', ')}`] : []),
  ]
}

function blockServer(text: string, options: BlockOptions): Promise<void> {
  const { severity, comment, note, json } = options
  return withNode(ctx => {
    if (options.preview) {
      const domain = blockableDomain(ctx, text)
      tellPreview(domain, previewDomain(ctx.db, domain, severity), json)
      return
    }
    const details = { ...(comment === undefined ? {} : { comment }), ...(note === undefined ? {} : { note }) }
    const { domain, actors } = blockDomain(ctx, text, severity, details)
    const what = severity === 'suspend' ? 'blocked: nothing of it is taken, sent or kept' : 'limited: it is in no directory here'
    print(
      { domain, severity, actors },
      json,
      () => `${domain} is ${what} (${actors} known actors). npx archipelago unblock ${domain} ends that.`,
    )
  })
}

function blockOne(text: string, options: BlockOptions): Promise<void> {
  if (options.severity !== 'suspend') throw new Refusal('invalid', 'Only a whole server can be limited; a single actor is blocked.')
  return withFederation(async federation => {
    const actor = await findActor(federation, text)
    const address = handleOf(actor)
    if (options.preview) {
      tellPreview(address, previewActor(federation.ctx.db, actor.id), options.json)
      return
    }
    blockActor(federation.ctx, actor.id, options.note ?? options.comment)
    print(
      { actor: actor.id, address },
      options.json,
      () => `${address} is blocked: nothing of it is taken or kept. npx archipelago unblock ${address} ends that.`,
    )
  })
}

function tellPreview(whom: string, preview: BlockPreview, json: boolean | undefined): void {
  const named = ({ count, first }: Named) => (count === 0 ? '0' : `${count}: ${first.join(', ')}${count > first.length ? ', …' : ''}`)
  print({ whom, ...preview }, json, () =>
    table(Object.entries(preview).map(([name, what]) => [name, typeof what === 'number' ? String(what) : named(what)])),
  )
  if (!json) say(`That is what a block of ${whom} would cut. Nothing is changed.`)
}
