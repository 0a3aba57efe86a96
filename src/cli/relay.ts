import type { Command } from 'commander'
import { addRelay, leaveRelay } from '../actions/relay.ts'
import { theCommunity } from '../db/community.ts'
import { allRelays } from '../db/relay.ts'
import { Refusal } from '../domain/refusal.ts'
import { day, print, say, table } from './output.ts'
import { type JsonOption, jsonOption, withFederation, withNode } from './run.ts'

export function relayCommands(program: Command): void {
  const relay = program.command('relay').description('relays, which pass public posts on to servers that do not follow the community')
  jsonOption(relay.command('add'))
    .description('ask a relay to pass on what the community posts')
    .argument('<address>', 'as the relay gives it: its inbox (…/inbox), or the address of its actor (…/relay)')
    .action((text: string, options: JsonOption) =>
      withFederation(async federation => {
        const { ctx } = federation
        theCommunity(ctx.db)
        const address = readAddress(text, ctx.config.allowPrivateAddresses)
        const { lookUp } = await import('../federation/lookup.ts')
        const actor = address.pathname.endsWith('/inbox') ? undefined : await lookUp(federation, address.href)
        const { inbox, state } = addRelay(ctx, actor?.inbox ?? address.href, actor?.id)
        const words =
          state === 'accepted'
            ? `${inbox} is a relay of this community already.`
            : `${inbox} is asked. The running node sends the request; npx archipelago relay list shows the answer.`
        print({ inbox, actor: actor?.id ?? null, state }, options.json, () => words)
      }),
    )
  jsonOption(relay.command('list', { isDefault: true }))
    .description('list the relays, and whether they have accepted')
    .action((options: JsonOption) =>
      withNode(ctx => {
        const rows = allRelays(ctx.db).map(({ inbox, actor, state, since }) => ({ inbox, actor, state, since }))
        print(rows, options.json, () => table(rows.map(row => [row.inbox, row.state, day(row.since)])))
        if (rows.length === 0 && !options.json) say('This community has no relay. npx archipelago relay add ADDRESS begins.')
      }),
    )
  jsonOption(relay.command('remove'))
    .description('post through a relay no longer')
    .argument('<address>', 'its inbox, or the address of its actor')
    .action((text: string, options: JsonOption) =>
      withNode(ctx => {
        const { inbox, actor } = leaveRelay(ctx, text.trim())
        print({ inbox, actor }, options.json, () => `${inbox} is no relay of this community any more.`)
      }),
    )
}

function readAddress(text: string, allowPrivate: boolean): URL {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined
  if (url && (url.protocol === 'https:' || (allowPrivate && url.protocol === 'http:')) && !url.username && !url.password) return url
  throw new Refusal('invalid', `“${text}” is not the address of a relay, such as https://relay.example/inbox.`)
}
