import { commandFor, isCommand, readWords } from '../commands/argv.js'
import { prewarm } from '../commands/infer/prewarm.js'
import {
  interruptedExitCode,
  interruption,
  listenForInterruption,
} from '../commands/terminal/interruption.js'
import { flagNamesIn, readConfigFile } from './config-file.js'

/**
 * Runs a command line without the program's name. Sets the exit code: 0 success, 1 failure, 2 invalid command
 * line, 130 Ctrl-C, 143 SIGTERM.
 */
export async function main(args: readonly string[]): Promise<void> {
  // The completion scripts of yargs pass this flag, followed by the typed words.
  const isCompletion = args[0] === '--get-yargs-completions'
  const trouble = currentFolderTrouble()
  if (trouble !== undefined) {
    if (!isCompletion) process.stderr.write(`${trouble}\n`)
    process.exitCode = 1
    return
  }
  if (isCompletion) {
    const { complete } = await import('./complete.js')
    return complete(args.slice(1))
  }
  listenForInterruption()
  endWithReader()
  const words = readWords(args)
  const line = { ...words, command: await commandFor(words.command) }
  // Before loading slow modules.
  const early = await prewarm(line, () => flagNamesIn(readConfigFile(line.flags), 'infer'))
  try {
    const { runCommandLine } = await import('./command-line.js')
    await runCommandLine(line, { early })
  } catch (error) {
    const { describeFailure } = await import('./describe-failure.js')
    const { logError } = await import('../commands/terminal/print.js')
    const { text, exitCode } = isCommand(line.command)
      ? describeFailure(error, line.command)
      : describeFailure(error)
    if (!interruption.aborted) logError(`${text}\n`)
    process.exitCode = exitCode
  } finally {
    await early?.discard()
  }
  // The interruption ends what still runs.
  if (interruption.aborted) process.exit(interruptedExitCode())
}

/** Why there is no current folder, which Node and its packages require; undefined if there is one. */
function currentFolderTrouble(): string | undefined {
  try {
    process.cwd()
    return undefined
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException
    const what = code === 'ENOENT' ? 'no longer exists' : `cannot be used (${code})`
    return `The current folder ${what}: change to another one (cd), and run the command there.`
  }
}

/** Exits with 0 if the reader closes the pipe early (`paddle-ts … | head -1`). */
function endWithReader(): void {
  process.stdout.on('error', ({ code = 'unknown error' }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') process.exit(0)
    process.stderr.write(`Standard output cannot be written (${code}).\n[FILE_NOT_WRITTEN]\n`)
    process.exit(1)
  })
  // Without a reader of standard error, the command continues.
  process.stderr.on('error', () => undefined)
}
