import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import yargs from 'yargs'
import { interruptedExitCode, interruption, listenForInterruption } from '../commands/interruption.js'
import { packageRoot } from '../package-files.js'
import { commands } from './commands.js'
import { describeFailure, UsageError } from './describe-failure.js'
import { tieLoneDash } from './lone-dash.js'

/** Runs one command line, without the program's name, and sets the exit code: 0 done, 1 failed, 2 wrong, 130 Ctrl-C. */
export async function main(args: readonly string[]): Promise<void> {
  listenForInterruption()
  endWithReader()
  try {
    await commandLine(tieLoneDash(args), await packageVersion()).parseAsync()
  } catch (error) {
    const { text, exitCode } = describeFailure(error)
    if (!interruption.aborted) process.stderr.write(`${text}\n`)
    process.exitCode = exitCode
  }
  // What still runs is being ended by the interruption; nothing is left to wait for.
  if (interruption.aborted) process.exit(interruptedExitCode)
}

function commandLine(args: readonly string[], version: string) {
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

/** A reader that has had enough (`paddle-ts … | head -1`) ends the command as it ends others: quietly. */
function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
}

async function packageVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8')) as {
    version: string
  }
  return version
}
