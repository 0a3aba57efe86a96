import type { Command } from 'commander'
import { revokeAgreement } from '../actions/quote.ts'
import { standingQuotes } from '../db/quote.ts'
import { day, print, say, table } from './output.ts'
import { type JsonOption, jsonOption, withNode } from './run.ts'

export function quoteCommands(program: Command): void {
  const quotes = program.command('quotes').description('posts elsewhere that quote the community’s; settings --quotes says who may')
  jsonOption(quotes.command('list', { isDefault: true }))
    .description('list the quotes that were agreed to')
    .action((options: JsonOption) =>
      withNode(ctx => {
        const rows = standingQuotes(ctx.db).map(({ number, stamp, postIri, actor, quoting, at }) => ({
          number,
          stamp,
          post: postIri,
          actor,
          quoting,
          at,
        }))
        print(rows, options.json, () => table(rows.map(row => [String(row.number), day(row.at), row.quoting, row.post])))
        if (rows.length === 0 && !options.json) say('Nobody quotes this community.')
      }),
    )
  jsonOption(quotes.command('revoke'))
    .description('take back the agreement to a quote, everywhere it was heard of')
    .argument('<which>', 'its number, or the address of the agreement')
    .action((which: string, options: JsonOption) =>
      withNode(ctx => {
        const { number, stamp, quoting } = revokeAgreement(ctx, which)
        print({ number, stamp, quoting }, options.json, () => `Quote ${number} is revoked: ${quoting} quotes without agreement now.`)
      }),
    )
}
