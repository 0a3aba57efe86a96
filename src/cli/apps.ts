import { type Command, InvalidArgumentError } from 'commander'
import { revokeApp } from '../actions/oauth.ts'
import { authorisedApps } from '../db/oauth.ts'
import { day, print, say, table } from './output.ts'
import { type JsonOption, jsonOption, withNode } from './run.ts'

export function appsCommands(program: Command): void {
  const apps = jsonOption(program.command('apps'))
    .description('list the apps that may act for the community, and which steward let them in')
    .action((options: JsonOption) =>
      withNode(ctx => {
        const rows = authorisedApps(ctx.db).map(({ app, steward, scopes, since, usedAt }) => ({
          number: app.id,
          name: app.name,
          steward: steward.name,
          scopes,
          since,
          used: usedAt,
        }))
        print(rows, options.json, () =>
          table(
            rows.map(row => [
              String(row.number),
              row.name,
              row.steward,
              day(row.since),
              row.used ? `used ${day(row.used)}` : 'not used',
              row.scopes.join(' '),
            ]),
          ),
        )
        if (rows.length === 0 && !options.json) say('No app acts for this community.')
      }),
    )
  jsonOption(apps.command('revoke'))
    .description('let an app act no more; it has to ask again')
    .argument('<number>', 'which app', (text: string) => {
      if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError('An app is named by its number.')
      return Number(text)
    })
    .action((number: number, _own: JsonOption, command: Command) =>
      withNode(ctx => {
        const { id, name } = revokeApp(ctx, number)
        print({ number: id, name }, command.optsWithGlobals<JsonOption>().json, () => `${name} may act for this community no more.`)
      }),
    )
}
