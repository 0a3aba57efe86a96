import { Command, CommanderError } from 'commander'
import { backupCommands } from './cli/backup.ts'
import { blockCommands } from './cli/block.ts'
import { charterCommands } from './cli/charter.ts'
import { communityCommands } from './cli/community.ts'
import { directoryCommands } from './cli/directory.ts'
import { directoryStatusCommands } from './cli/directory-status.ts'
import { followCommands } from './cli/follow.ts'
import { inquiryCommands } from './cli/inquiry.ts'
import { explain, say } from './cli/output.ts'
import { peerCommands } from './cli/peer.ts'
import { pledgeCommands } from './cli/pledge.ts'
import { postCommands } from './cli/post.ts'
import { publishCommands } from './cli/publish.ts'
import { quoteCommands } from './cli/quote.ts'
import { reactionCommands } from './cli/reaction.ts'
import { relayCommands } from './cli/relay.ts'
import { reportCommands } from './cli/report.ts'
import { loadEnvFile, readConfig } from './config.ts'

/**
 * The `archipelago` command. Exit codes: 0 done, 1 could not be done, 2 not understood.
 * @param args what stands behind the command's name
 */
async function main(args: readonly string[]): Promise<void> {
  loadEnvFile()
  const program = new Command('archipelago')
    .description('A node of Archipelago, the federated directory of intentional communities.')
    .version(readVersion())
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: text => process.stdout.write(text), writeErr: text => process.stderr.write(text) })
    .showHelpAfterError('(--help says more)')
    .exitOverride()
  program.addHelpText(
    'after',
    '\nThe node is set by environment variables (PORT, DATA_DIR, PUBLIC_URL, …) or a file .env; docs/configuration.md lists them.',
  )
  communityCommands(program)
  charterCommands(program)
  followCommands(program)
  postCommands(program)
  publishCommands(program)
  reactionCommands(program)
  directoryCommands(program)
  directoryStatusCommands(program)
  backupCommands(program)
  blockCommands(program)
  quoteCommands(program)
  peerCommands(program)
  relayCommands(program)
  reportCommands(program)
  inquiryCommands(program)
  pledgeCommands(program)
  // The server's parts are loaded only where they are needed: a command should answer at once.
  program
    .command('serve')
    .description('run the node until it is stopped (what npm start does)')
    .action(async () => (await import('./server.ts')).serve(readConfig()))
  try {
    await program.parseAsync([...args], { from: 'user' })
  } catch (error) {
    // Commander has already said what it did not understand, or printed the help that was asked for.
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
    else {
      say(explain(error))
      process.exitCode = 1
    }
  }
}

function readVersion(): string {
  // The version does not depend on the environment, which may be wrong while somebody asks for it.
  return readConfig({}).version
}

await main(process.argv.slice(2))
