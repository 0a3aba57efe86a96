import { type Command, InvalidArgumentError } from 'commander'
import { acceptPledge, needPledges, withdrawPledge } from '../actions/pledge.ts'
import { allPledges, countedPledges, neededPledges, pledgeCount, reachedAt } from '../db/pledge.ts'
import { day, print, say, table } from './output.ts'
import { type JsonOption, jsonOption, withNode } from './run.ts'

export function pledgeCommands(program: Command): void {
  const pledges = program.command('pledges').description('who would come, while the community is still forming')
  jsonOption(pledges.command('list', { isDefault: true }))
    .description('who has pledged, and how many are needed')
    .action((options: JsonOption) =>
      withNode(({ db }) => {
        const people = allPledges(db).map(({ id, name, contact, held, language, at }) => ({
          number: id,
          name,
          contact,
          held,
          language,
          at,
        }))
        const data = { need: neededPledges(db), count: countedPledges(db), reachedAt: reachedAt(db) ?? null, pledges: people }
        print(data, options.json, () =>
          table(
            people.map(one => [
              String(one.number),
              day(one.at),
              one.held ? 'held' : 'counts',
              [one.name, one.contact].filter(Boolean).join(', '),
            ]),
          ),
        )
        if (options.json) return
        say(
          data.need === 0
            ? 'Nobody is asked to pledge. Say how many are needed: npx archipelago pledges need 12'
            : `${data.count} of ${data.need}.`,
        )
      }),
    )
  jsonOption(pledges.command('need'))
    .description('ask visitors to pledge until there are so many')
    .argument('<people>', 'how many are needed; 0 stops asking', toNumber)
    .action((need: number, options: JsonOption) =>
      withNode(ctx => {
        needPledges(ctx, need)
        print({ need, count: countedPledges(ctx.db) }, options.json, () =>
          need === 0 ? 'Visitors are not asked any more.' : `${need} people are needed.`,
        )
        if (need > 0 && !pledgeCount(ctx.db) && !options.json)
          say('It is not shown yet: the charter says that the community is neither an idea nor forming.')
      }),
    )
  jsonOption(pledges.command('accept'))
    .description('count one that was held, because it came without a proof that somebody meant it')
    .argument('<number>', 'as listed', toNumber)
    .action((id: number, options: JsonOption) =>
      withNode(ctx => {
        acceptPledge(ctx, id)
        print({ number: id }, options.json, () => `Pledge ${id} counts.`)
      }),
    )
  jsonOption(pledges.command('erase'))
    .description('for good')
    .argument('<number>', 'as listed', toNumber)
    .action((id: number, options: JsonOption) =>
      withNode(ctx => {
        withdrawPledge(ctx, id)
        print({ number: id }, options.json, () => `Pledge ${id} is erased.`)
      }),
    )
}

function toNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Give a whole number.')
  return Number(text)
}
