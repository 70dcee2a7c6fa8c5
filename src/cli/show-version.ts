import { packageVersion } from '../package-files.js'
import { lastValue } from './words.js'

/** Prints the versions of this package and of the wheel that would be used. Nothing that is wrong there makes it fail. */
export async function showVersion(words: readonly string[]): Promise<void> {
  const { wheelVersion } = await import('../environment/wheel-version.js')
  const python = lastValue(words, 'python')
  const wheel = await wheelVersion(python === false || python === '' ? undefined : python)
  process.stdout.write(`paddle-ts ${await packageVersion()}\n${wheel}\n`)
}
