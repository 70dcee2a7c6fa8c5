import { startEarly } from '../commands/infer/early-start.js'
import { interruptedExitCode, interruption, listenForInterruption } from '../commands/interruption.js'
import { describeFailure } from './describe-failure.js'

/** Runs one command line, without the program's name, and sets the exit code: 0 done, 1 failed, 2 wrong, 130 Ctrl-C. */
export async function main(args: readonly string[]): Promise<void> {
  listenForInterruption()
  endWithReader()
  // Before anything that is slow to load.
  const dropEarly = await startEarly(args)
  try {
    const { runCommandLine } = await import('./command-line.js')
    await runCommandLine(args)
  } catch (error) {
    const { text, exitCode } = describeFailure(error)
    if (!interruption.aborted) process.stderr.write(`${text}\n`)
    process.exitCode = exitCode
  } finally {
    await dropEarly()
  }
  // What still runs is being ended by the interruption; nothing is left to wait for.
  if (interruption.aborted) process.exit(interruptedExitCode)
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
