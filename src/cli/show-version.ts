import { lastValue, type TypedFlag } from '../commands/argv.js'
import { packageVersion } from '../package-files.js'

/**
 * Prints the versions of this package and of the wheel in use. Does not fail if there is no usable Python.
 */
export async function showVersion(flags: readonly TypedFlag[]): Promise<void> {
  const { wheelVersion } = await import('../environment/wheel-version.js')
  const python = lastValue(flags, 'python')
  const wheel = await wheelVersion(python === false || python === '' ? undefined : python)
  process.stdout.write(`paddle-ts ${await packageVersion()}\n${wheel}\n`)
}
