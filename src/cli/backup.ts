import { resolve } from 'node:path'
import type { Command } from 'commander'
import { readConfig } from '../config.ts'
import { type Backup, backUp, noteBackup, restore } from '../db/backup.ts'
import { print, say } from './output.ts'
import { type JsonOption, jsonOption } from './run.ts'

const size = ({ bytes }: Backup) => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`)

/** These two open no node: one must work before an upgrade, the other where there is none yet. */
export function backupCommands(program: Command): void {
  jsonOption(program.command('backup'))
    .description('write everything the node holds into one file, while it runs')
    .argument('<file>', 'where to; it must not be there yet')
    .action((name: string, { json }: JsonOption) => {
      const file = resolve(name)
      const { database } = readConfig()
      const made = backUp(database, file)
      noteBackup(database, { at: new Date(), file, bytes: made.bytes })
      print({ file, ...made }, json, () => `${made.publicUrl} is backed up: ${file} (${size(made)})`)
      if (!json) say('The node’s private keys are in it: whoever has this file can speak in its name.')
    })

  jsonOption(program.command('restore'))
    .description('make a backup the data of this node, which must have none')
    .argument('<file>', 'a backup')
    .action((name: string, { json }: JsonOption) => {
      const config = readConfig()
      const made = restore(resolve(name), config)
      print({ dataDir: config.dataDir, ...made }, json, () => `${made.publicUrl} is restored in ${config.dataDir} (${size(made)})`)
      if (!json) say(`Start it with PUBLIC_URL=${made.publicUrl}`)
    })
}
