import { createWriteStream, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type Command, Option } from 'commander'
import { nameOfEnd, noteExport } from '../actions/end.ts'
import { thePerson } from '../actions/person.ts'
import { changeThemePolicy } from '../actions/theme-policy.ts'
import { type NodeStatus, nodeStatus } from '../db/node-status.ts'
import { countPerson } from '../db/person.ts'
import { hiddenCount, themePolicy } from '../db/theme-policy.ts'
import { Refusal } from '../domain/refusal.ts'
import { POLICY_MODES, readPolicy } from '../domain/theme-policy.ts'
import { day, print, say, table } from './output.ts'
import { type JsonOption, jsonOption, withFederation, withNode } from './run.ts'

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`

export function nodeCommands(program: Command): void {
  const node = program.command('node').description('how this node stands')
  jsonOption(node.command('status', { isDefault: true }))
    .description('version, disk, database, last backup, and what waits')
    .action((options: JsonOption) =>
      withNode(ctx => {
        const status = nodeStatus(ctx.db, ctx.config)
        print(status, options.json, () => inWords(status))
      }),
    )

  jsonOption(program.command('policy'))
    .description('show or decide which communities the directory of this node lists, by their themes; what is passed on stays complete')
    .addOption(
      new Option('--mode <which>', 'all; only those with one of some themes; all except those with any of them').choices(POLICY_MODES),
    )
    .option('--theme <theme...>', 'the themes')
    .action((options: JsonOption & { mode?: string; theme?: string[] }) =>
      withNode(ctx => {
        if (options.theme && !options.mode)
          throw new Refusal('invalid', 'Say with --mode whether these are listed or left out: only, except.')
        if (options.mode) changeThemePolicy(ctx, readPolicy(options.mode, options.theme ?? []))
        const policy = themePolicy(ctx.db)
        const hidden = hiddenCount(ctx.db, 'all')
        print({ ...policy, hidden }, options.json, () => `${policy.mode} ${policy.themes.join(' ')}`.trim())
        if (!options.json && hidden > 0) say(`${hidden} communities are hidden at the moment.`)
      }),
    )

  jsonOption(program.command('export'))
    .description('write everything of the community into one archive (ZIP), without keys and passwords')
    .argument('<file>', 'where to; it must not be there yet')
    .option('--private', 'also what was meant for few: inquiries, pledges, reports, posts to some, the exact place')
    .action((name: string, options: JsonOption & { private?: boolean }) =>
      withFederation(async federation => {
        const [{ takeout }, { zipOf }] = await Promise.all([import('../federation/takeout.ts'), import('../lib/zip.ts')])
        const file = resolve(name)
        const withPrivate = options.private === true
        const out = createWriteStream(file, { flags: 'wx', mode: 0o600 })
        try {
          await pipeline(zipOf(takeout(federation, withPrivate)), out)
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code === 'EEXIST')
            throw new Refusal('conflict', `${file} is already there, and an export overwrites nothing. Choose another name.`)
          rmSync(file, { force: true })
          throw error
        }
        noteExport(federation.ctx, withPrivate)
        print(
          { file, bytes: out.bytesWritten, private: withPrivate },
          options.json,
          () => `Exported: ${file} (${megabytes(out.bytesWritten)})`,
        )
        if (!options.json && withPrivate)
          say('Names and addresses of those who wrote in private are in it: keep it as you would keep letters.')
      }),
    )

  const erase = program.command('erase').description('erase for good what is known of somebody, or the whole community')
  jsonOption(erase.command('person'))
    .description('erase everything about somebody')
    .argument('<who>', 'a handle, an address, or what was given with an inquiry or a pledge: an e-mail address, a name')
    .option('--yes', 'do it; without this it is only said what there is')
    .action((who: string, options: JsonOption & { yes?: boolean }) =>
      withFederation(async federation => {
        const { forgetPerson } = await import('../federation/forget-person.ts')
        const counts = options.yes ? forgetPerson(federation, who) : countPerson(federation.ctx.db, thePerson(federation.ctx, who))
        print({ who, erased: options.yes === true, ...counts }, options.json, () =>
          table(Object.entries(counts).map(([name, count]) => [name, String(count)])),
        )
        if (!options.json) say(options.yes ? 'All that is erased.' : 'Nothing is erased yet. The same with --yes erases it.')
      }),
    )
  jsonOption(erase.command('node'))
    .description('end the community: tell followers that it is gone, leave a tombstone, erase the rest; it can’t be undone')
    .requiredOption('--name <address>', 'the address of the community, typed out, so that nobody does this by mistake')
    .action((options: JsonOption & { name: string }) =>
      withFederation(async federation => {
        const address = nameOfEnd(federation.ctx)
        const { farewell } = await import('../federation/farewell.ts')
        farewell(federation, options.name)
        print({ ended: address }, options.json, () => `${address} has ended, and everything but its tombstone is erased.`)
        if (!options.json)
          say('Let the node run for a week, so that all who should hear of it do. Backups that lie elsewhere are yours to delete.')
      }),
    )
}

function inWords(status: NodeStatus): string {
  const { disk, lastBackup } = status
  return table([
    ['version', status.version],
    ['address', status.publicUrl],
    ['database', megabytes(status.database)],
    ['pictures', megabytes(status.media)],
    ...(disk ? [['disk', `${megabytes(disk.free)} free of ${megabytes(disk.total)}`]] : []),
    ['last backup', lastBackup ? `${day(lastBackup.at)} ${lastBackup.file} (${megabytes(lastBackup.bytes)})` : 'never'],
    ['followers', String(status.followers)],
    ['communities', `${status.listed} listed, ${status.hidden} hidden by policy`],
    ['peers', String(status.peers)],
    ['waiting to be sent', `${status.deliveries}, ${status.stuck} servers stuck`],
  ])
}
