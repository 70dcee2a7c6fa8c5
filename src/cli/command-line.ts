import yargs, { type CommandModule } from 'yargs'
import { packageVersion } from '../package-files.js'
import { commandsFor } from './commands.js'
import { UsageError } from './describe-failure.js'
import { tieLoneDash } from './lone-dash.js'

/** Reads a command line and does what it says. */
export async function runCommandLine(args: readonly string[]): Promise<void> {
  const commands = await commandsFor(args)
  await commandLine(tieLoneDash(args), commands, await packageVersion()).parseAsync()
}

function commandLine(args: readonly string[], commands: readonly CommandModule[], version: string) {
  return (
    yargs(args)
      .scriptName('paddle-ts')
      .usage('$0 <command> [options]')
      // The messages are English whatever the locale.
      .detectLocale(false)
      .locale('en')
      // A flag given twice is a list only where a command says so; else the last one counts.
      .parserConfiguration({ 'dot-notation': false, 'duplicate-arguments-array': false })
      .command([...commands])
      .demandCommand(1, 'Give a command.')
      .recommendCommands()
      .strict()
      .version(version)
      .help()
      .wrap(Math.min(110, process.stdout.columns || 110))
      .exitProcess(false)
      // A message alone is a wrong command line; an error is what a handler, or yargs itself, has thrown.
      .fail((message: string | null, error: unknown) => {
        throw error instanceof Error ? error : new UsageError(message ?? '')
      })
  )
}
