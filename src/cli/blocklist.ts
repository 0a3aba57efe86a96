import { writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { applyBlocklist, dropBlocklist, importBlocklist, previewBlocklist, undoBlocklist } from '../actions/blocklist.ts'
import { allActorBlocks, allBlocks } from '../db/block.ts'
import { allBlocklists } from '../db/blocklist.ts'
import { handleOf } from '../domain/actor.ts'
import { writeBlocklist } from '../domain/blocklist.ts'
import { Refusal } from '../domain/refusal.ts'
import { restoredWords } from './block.ts'
import { day, print, say, table } from './output.ts'
import { readFile } from './read-file.ts'
import { type JsonOption, jsonOption, withNode } from './run.ts'

const SHOWN = 20

export function blocklistCommands(program: Command): void {
  const blocks = program.command('blocks').description('the blocked servers and actors, and lists of them from elsewhere')
  jsonOption(blocks.command('list', { isDefault: true }))
    .description('list the blocked servers and actors')
    .action((options: JsonOption) =>
      withNode(ctx => {
        const servers = allBlocks(ctx.db)
        const actors = allActorBlocks(ctx.db).map(({ actor, since, comment, handle, host }) => ({
          actor,
          address: handle && host ? handleOf({ handle, host }) : actor,
          since,
          comment,
        }))
        print([...servers, ...actors], options.json, () =>
          table([
            ...servers.map(({ domain, severity, since, comment }) => [domain, severity, day(since), comment]),
            ...actors.map(({ address, since, comment }) => [address, 'actor', day(since), comment]),
          ]),
        )
        if (servers.length + actors.length === 0 && !options.json) say('Nobody is blocked.')
      }),
    )
  jsonOption(blocks.command('import'))
    .description('read in a list of servers, as Mastodon exports it or a domain in each line; nothing is blocked before it is applied')
    .argument('<file>', 'CSV or text')
    .option('--name <words>', 'what it is called here')
    .action((file: string, options: JsonOption & { name?: string }) =>
      withNode(ctx => {
        const { id, rows, left, problems } = importBlocklist(ctx, readFile(file), options.name ?? basename(file))
        print(
          { list: id, rows: rows.length, left, problems },
          options.json,
          () =>
            `List ${id}: ${rows.length} servers are read in, ${left} lines left out. npx archipelago blocks apply ${id} blocks them; npx archipelago blocks show ${id} says what that would cut.`,
        )
        if (!options.json) for (const { line, text, reason } of problems) say(`  line ${line}, ${reason}: ${text}`)
      }),
    )
  jsonOption(blocks.command('lists'))
    .description('list the lists that were read in')
    .action((options: JsonOption) =>
      withNode(ctx => {
        const lists = allBlocklists(ctx.db)
        print(lists, options.json, () =>
          table(lists.map(one => [`${one.id}`, day(one.at), `${one.applied} of ${one.rows} applied`, one.name])),
        )
      }),
    )
  jsonOption(blocks.command('show'))
    .description('what the servers of a list would be, and what ties would be cut')
    .argument('<list>', 'its number', toNumber)
    .action((list: number, options: JsonOption) =>
      withNode(ctx => {
        const rows = previewBlocklist(ctx.db, list)
        if (rows.length === 0) throw new Refusal('missing', `There is no list numbered ${list}.`)
        print(rows, options.json, () =>
          table(
            rows
              .slice(0, SHOWN)
              .map(row => [
                row.domain,
                row.severity,
                row.state,
                row.same ? 'blocked already' : [...row.followers, ...row.following].join(' '),
              ]),
          ),
        )
        if (!options.json && rows.length > SHOWN) say(`… and ${rows.length - SHOWN} more; --json has all.`)
      }),
    )
  jsonOption(blocks.command('apply'))
    .description('block the servers of a list')
    .argument('<list>', 'its number', toNumber)
    .argument('[domains...]', 'only these of it')
    .action((list: number, domains: string[], options: JsonOption) =>
      withNode(ctx => {
        const ids = domains.length > 0 ? chosen(previewBlocklist(ctx.db, list), domains) : undefined
        const done = applyBlocklist(ctx, list, ids)
        print(
          { list, ...done },
          options.json,
          () =>
            `${done.applied} servers are blocked; ${done.followers} followers and ${done.following} who were followed are cut off. npx archipelago blocks undo ${list} undoes that.`,
        )
      }),
    )
  jsonOption(blocks.command('undo'))
    .description('undo what a list has blocked, and bring back what can be')
    .argument('<list>', 'its number', toNumber)
    .action((list: number, options: JsonOption) =>
      withNode(ctx => {
        const done = undoBlocklist(ctx, list)
        print({ list, ...done }, options.json, () => [`${done.undone} blocks are undone.`, ...restoredWords(done)].join('\n'))
      }),
    )
  jsonOption(blocks.command('drop'))
    .description('forget a list; what it has blocked stays blocked')
    .argument('<list>', 'its number', toNumber)
    .action((list: number, options: JsonOption) =>
      withNode(ctx => {
        dropBlocklist(ctx, list)
        print({ list }, options.json, () => `List ${list} is forgotten.`)
      }),
    )
  blocks
    .command('export')
    .description('write the blocked servers as CSV that Mastodon reads; without a file to standard output')
    .argument('[file]', 'where to; it must not be there yet')
    .action((file: string | undefined) =>
      withNode(ctx => {
        const text = writeBlocklist(allBlocks(ctx.db))
        if (file) writeFileSync(file, text, { flag: 'wx', mode: 0o600 })
        else process.stdout.write(text)
      }),
    )
}

function chosen(rows: readonly { id: number; domain: string }[], domains: readonly string[]): number[] {
  return domains.map(domain => {
    const row = rows.find(one => one.domain === domain.toLowerCase())
    if (!row) throw new Refusal('missing', `${domain} is not in this list.`)
    return row.id
  })
}

function toNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('A list has a number from 1.')
  return Number(text)
}
