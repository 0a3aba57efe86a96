import { Command, CommanderError } from 'commander'
import { explain, say } from './cli/output.ts'
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
  // Of the two only that is loaded which is needed: a server and a command should both answer at once.
  if (args[0] !== 'serve') (await import('./cli/commands.ts')).addCommands(program)
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
