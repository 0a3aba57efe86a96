import { type Command, Option } from 'commander'
import { blockDomain, unblockDomain } from '../actions/block.ts'
import { allBlocks } from '../db/block.ts'
import type { Severity } from '../domain/block.ts'
import { day, print, say, table } from './output.ts'
import { type JsonOption, jsonOption, withNode } from './run.ts'

export function blockCommands(program: Command): void {
  jsonOption(program.command('block'))
    .description('have nothing to do with a server and its subdomains')
    .argument('<domain>', 'such as example.org')
    .addOption(
      new Option('--severity <how>', 'suspend cuts every tie; limit only takes it out of the directory')
        .choices(['suspend', 'limit'])
        .default('suspend'),
    )
    .action((text: string, options: JsonOption & { severity: Severity }) =>
      withNode(ctx => {
        const { domain, actors } = blockDomain(ctx, text, options.severity)
        const what =
          options.severity === 'suspend' ? 'blocked: nothing of it is taken, sent or kept' : 'limited: it is in no directory here'
        print(
          { domain, severity: options.severity, actors },
          options.json,
          () => `${domain} is ${what} (${actors} known actors). npx archipelago unblock ${domain} ends that.`,
        )
      }),
    )
  jsonOption(program.command('unblock'))
    .description('end a block; what was cut does not come back by itself')
    .argument('<domain>')
    .action((text: string, options: JsonOption) =>
      withNode(ctx => {
        const domain = unblockDomain(ctx, text)
        print({ domain }, options.json, () => `${domain} is not blocked any more.`)
      }),
    )
  jsonOption(program.command('blocks'))
    .description('list the blocked servers')
    .action((options: JsonOption) =>
      withNode(ctx => {
        const blocks = allBlocks(ctx.db)
        print(blocks, options.json, () => table(blocks.map(({ domain, severity, since }) => [domain, severity, day(since)])))
        if (blocks.length === 0 && !options.json) say('No server is blocked.')
      }),
    )
}
