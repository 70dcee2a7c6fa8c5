import yargs from 'yargs'
import type { Argv } from 'yargs'
import { messageOf } from '../errors.js'

/** yargs, as it is used for everything. */
export function parserFor(words: readonly string[]): Argv {
  return (
    yargs([...words])
      .scriptName('paddle-ts')
      // The messages are English whatever the locale.
      .detectLocale(false)
      .locale('en')
      // Each flag's own `coerce` says what becomes of one that is given twice, and of numbers.
      .parserConfiguration({
        'dot-notation': false,
        'duplicate-arguments-array': true,
        'parse-numbers': false,
      })
      .exitProcess(false)
      // Nothing of ours runs in it: whatever it says is of a wrong command line.
      .fail((message: string | null, error: unknown) => {
        throw new UsageError(message ?? messageOf(error))
      })
  )
}

/** The command line is wrong, or what it takes its defaults from. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
