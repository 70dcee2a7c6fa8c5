import { readWords } from '../commands/argv.js'
import { prewarm } from '../commands/infer/prewarm.js'
import {
  interruptedExitCode,
  interruption,
  listenForInterruption,
} from '../commands/terminal/interruption.js'
import { flagNamesIn, readConfigFile } from './config-file.js'

/** Runs one command line, without the program's name, and sets the exit code: 0 done, 1 failed, 2 wrong, 130 Ctrl-C, 143 SIGTERM. */
export async function main(args: readonly string[]): Promise<void> {
  // So the scripts of yargs ask for completions; what was typed follows.
  if (args[0] === '--get-yargs-completions') {
    const { complete } = await import('./complete.js')
    return complete(args.slice(1))
  }
  listenForInterruption()
  endWithReader()
  const line = readWords(args)
  // Before anything that is slow to load.
  const early = await prewarm(line, () => flagNamesIn(readConfigFile(line.flags), 'infer'))
  try {
    const { runCommandLine } = await import('./command-line.js')
    await runCommandLine(line, { early })
  } catch (error) {
    const { describeFailure } = await import('./describe-failure.js')
    const { text, exitCode } = describeFailure(error)
    if (!interruption.aborted) process.stderr.write(`${text}\n`)
    process.exitCode = exitCode
  } finally {
    await early?.discard()
  }
  // What still runs is being ended by the interruption; nothing is left to wait for.
  if (interruption.aborted) process.exit(interruptedExitCode())
}

/** A reader that has had enough (`paddle-ts … | head -1`) ends the command as it ends others: quietly. */
function endWithReader(): void {
  process.stdout.on('error', ({ code = 'unknown error' }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') process.exit(0)
    process.stderr.write(`Standard output cannot be written (${code}).\n[FILE_NOT_WRITTEN]\n`)
    process.exit(1)
  })
  // Nobody is left to tell; the work goes on.
  process.stderr.on('error', () => undefined)
}
