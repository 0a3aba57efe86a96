import type { Command } from 'commander'
import { searchDirectory } from '../db/search.ts'
import { placeWords } from '../domain/charter-words.ts'
import { readDirectoryQuery } from '../domain/directory-query.ts'
import { label } from '../domain/vocabulary.ts'
import { print, say, table } from './output.ts'
import { type JsonOption, jsonOption, withNode } from './run.ts'

type Options = JsonOption & {
  theme?: string[]
  kind?: string[]
  status?: string[]
  openToMembers?: boolean
  openToVisitors?: boolean
  country?: string[]
  language?: string[]
  near?: string
  within?: string
  sort?: string
  limit?: string
}

export function directoryCommands(program: Command): void {
  jsonOption(program.command('search'))
    .description('search the directory of this node')
    .argument('[query]', 'words to look for')
    .option('--theme <theme...>', 'only these themes, such as left, anarchist, spiritual')
    .option('--kind <kind...>', 'only these kinds, such as commune, ecovillage, monastic')
    .option('--status <status...>', 'only these, such as forming, established')
    .option('--open-to-members', 'only those that take new members')
    .option('--open-to-visitors', 'only those that take visitors')
    .option('--country <code...>', 'only in these countries, such as ES')
    .option('--language <tag...>', 'only where these languages are spoken')
    .option('--near <lat,lon>', 'only near this point …')
    .option('--within <km>', '… within so many kilometres')
    .option('--sort <order>', 'relevance, name, distance, newest or verified')
    .option('--limit <number>', 'how many to show, at most 100')
    .action((query: string | undefined, { json, openToMembers, openToVisitors, ...options }: Options) =>
      withNode(ctx => {
        const wish = readDirectoryQuery({
          q: query,
          ...options,
          ...(openToMembers ? { openToMembers: 'yes' } : {}),
          ...(openToVisitors ? { openToVisitors: ['yes', 'by_arrangement', 'rarely'] } : {}),
        })
        const { total, items } = searchDirectory(ctx.db, wish)
        const found = items.map(({ actor, host, handle, url, charter, edition, verifiedAt }) => ({
          address: `@${handle}@${host}`,
          actor,
          url,
          edition,
          verified: verifiedAt,
          charter,
        }))
        print({ total, items: found }, json, () =>
          table(
            found.map(({ address, charter }) => [
              charter.name,
              label('theme', charter.theme),
              charter.kind.map(kind => label('kind', kind)).join(', '),
              placeWords(charter) ?? '',
              address,
            ]),
          ),
        )
        if (!json)
          say(
            total === 0
              ? 'Nothing found. Fewer words or filters find more; npx archipelago follow HANDLE makes a community known here.'
              : `${items.length} of ${total}`,
          )
      }),
    )
}
