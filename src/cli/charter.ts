import { type Command, InvalidArgumentError } from 'commander'
import { confirmCharter, publishCharter } from '../actions/charter.ts'
import { allEditions, currentEdition, editionOf } from '../db/charter.ts'
import { theCommunity } from '../db/community.ts'
import { communityIri } from '../domain/iri.ts'
import { Refusal } from '../domain/refusal.ts'
import { charterFromFile } from './community.ts'
import { day, print, table } from './output.ts'
import { type JsonOption, jsonOption, withNode } from './run.ts'

export function charterCommands(program: Command): void {
  const charter = program.command('charter').description('publish and read the editions of the charter')

  jsonOption(charter.command('publish'))
    .description('publish a new edition; earlier ones stay readable')
    .argument('<file>', 'the charter as JSON or YAML')
    .action((file: string, options: JsonOption) =>
      withNode(ctx => {
        const { edition, publishedAt } = publishCharter(ctx, charterFromFile(file))
        const url = `${communityIri(ctx.config.publicUrl, theCommunity(ctx.db).handle)}/charter/${edition}`
        print({ edition, published: publishedAt, url }, options.json, () => `Edition ${edition} is published.\n${url}`)
      }),
    )

  jsonOption(charter.command('confirm'))
    .description('say that the charter in force is still true; visitors read the day')
    .action((options: JsonOption) =>
      withNode(ctx => {
        const { edition, at } = confirmCharter(ctx)
        print({ edition, confirmed: at }, options.json, () => `Edition ${edition} is confirmed as still true on ${day(at)}.`)
      }),
    )

  jsonOption(charter.command('show'))
    .description('print an edition as a charter file (YAML), with everything its steward wrote')
    .option('--edition <number>', 'an earlier one', toEdition)
    .action((options: JsonOption & { edition?: number }) =>
      withNode(async ctx => {
        theCommunity(ctx.db)
        const { stringify } = await import('yaml')
        const found = options.edition === undefined ? currentEdition(ctx.db) : editionOf(ctx.db, options.edition)
        if (!found) throw new Refusal('missing', `There is no edition ${options.edition}. npx archipelago charter history lists them.`)
        const { edition, publishedAt, charter } = found
        print(
          { edition, published: publishedAt, charter },
          options.json,
          () => `# Edition ${edition}, ${day(publishedAt)}\n${stringify(charter).trimEnd()}`,
        )
      }),
    )

  jsonOption(charter.command('history'))
    .description('list the editions, newest first')
    .action((options: JsonOption) =>
      withNode(ctx => {
        theCommunity(ctx.db)
        const editions = allEditions(ctx.db).map(({ edition, publishedAt, charter }) => ({
          edition,
          published: publishedAt,
          name: charter.name,
          agreements: charter.agreements?.length ?? 0,
        }))
        print(editions, options.json, () =>
          table(editions.map(it => [String(it.edition), day(it.published), it.name, `${it.agreements} agreements`])),
        )
      }),
    )
}

function toEdition(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('An edition is a number from 1.')
  return Number(text)
}
