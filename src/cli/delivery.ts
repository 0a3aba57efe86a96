import type { Command } from 'commander'
import { dropDeliveries, retryDeliveries } from '../actions/delivery.ts'
import { waitingHosts } from '../db/waiting.ts'
import { day, print, say, table } from './output.ts'
import { type JsonOption, jsonOption, withNode } from './run.ts'

export function deliveryCommands(program: Command): void {
  const deliveries = program.command('deliveries').description('what waits to be sent to other servers, and why')
  jsonOption(deliveries.command('list', { isDefault: true }))
    .description('list the servers something waits for, those that fail first')
    .action((options: JsonOption) =>
      withNode(ctx => {
        const all = waitingHosts(ctx.db)
        print(all, options.json, () =>
          table(
            all.map(({ host, waiting, failingSince, queuedAt, error }) => [
              host,
              `${waiting} waiting`,
              failingSince ? `failing since ${day(failingSince)}` : `since ${day(queuedAt)}`,
              error ?? '',
            ]),
          ),
        )
        if (all.length === 0 && !options.json) say('Nothing waits to be sent.')
      }),
    )
  jsonOption(deliveries.command('retry'))
    .description('try everything that waits for a server at once')
    .argument('<host>', 'as listed')
    .action((host: string, options: JsonOption) =>
      withNode(ctx => {
        const count = retryDeliveries(ctx, host)
        print({ host, count }, options.json, () => `${count} deliveries to ${host} are due now. The running node sends them.`)
      }),
    )
  jsonOption(deliveries.command('drop'))
    .description('give up everything that waits for a server; it can’t be had back')
    .argument('<host>', 'as listed')
    .action((host: string, options: JsonOption) =>
      withNode(ctx => {
        const count = dropDeliveries(ctx, host)
        print({ host, count }, options.json, () => `${count} deliveries to ${host} are given up.`)
      }),
    )
}
