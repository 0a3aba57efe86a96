import type { Command } from 'commander'
import { followProgress, previewFollows, queueFollows } from '../actions/following-list.ts'
import { print, say, table } from './output.ts'
import { readFile } from './read-file.ts'
import { type JsonOption, jsonOption, withNode } from './run.ts'

export function followingListCommand(following: Command): void {
  jsonOption(following.command('import'))
    .description('read in whom to follow, as Mastodon exports it or an address in each line; without a file, how far the last list is')
    .argument('[file]', 'CSV or text')
    .option('--follow', 'have those that are new looked for and asked; else it is only shown what would be done')
    .action((file: string | undefined, options: JsonOption & { follow?: boolean }) =>
      withNode(ctx => {
        if (file === undefined) return tellProgress(followProgress(ctx.db), options)
        const { rows, left, problems } = previewFollows(ctx, readFile(file))
        const queued = options.follow
          ? queueFollows(
              ctx,
              rows.map(({ address }) => address),
            )
          : 0
        print({ rows, left, problems, queued }, options.json, () => table(rows.map(({ address, state }) => [address, state])))
        if (options.json) return
        for (const { line, text, reason } of problems) say(`  line ${line} left out, ${reason}: ${text}`)
        const fresh = rows.filter(({ state }) => state === 'new').length
        say(
          queued > 0
            ? `${queued} are looked for and asked by the running node. npx archipelago following import says how far it is.`
            : `${fresh} of ${rows.length} are new. With --follow they are asked.`,
        )
      }),
    )
}

function tellProgress(progress: ReturnType<typeof followProgress>, { json }: JsonOption): void {
  print(progress ?? null, json, () =>
    progress
      ? [`${progress.waiting} are still being looked for.`, table(progress.failed.map(({ address, why }) => [address, why]))].join('\n')
      : 'No list of whom to follow was ever read in.',
  )
}
