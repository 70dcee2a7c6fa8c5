import yargs from 'yargs'
import type { Argv } from 'yargs'
import { messageOf } from '../errors.js'
import { UsageError } from './usage-error.js'

/** Creates a yargs parser with the common settings. */
export function parserFor(words: readonly string[]): Argv {
  return (
    yargs([...words])
      .scriptName('paddle-ts')
      // Messages are in English, whatever the locale.
      .detectLocale(false)
      .locale('en')
      // The `coerce` of each flag handles repeated flags and numbers.
      .parserConfiguration({
        'dot-notation': false,
        'duplicate-arguments-array': true,
        'parse-numbers': false,
      })
      .exitProcess(false)
      // No code of ours runs in the parser, so each failure is an invalid command line.
      .fail((message: string | null, error: unknown) => {
        throw new UsageError(message ?? messageOf(error))
      })
  )
}
