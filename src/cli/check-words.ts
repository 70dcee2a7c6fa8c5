import type { Command } from '../commands/command.js'
import { didYouMean } from '../commands/did-you-mean.js'
import type { CommandWords, TypedFlag } from '../commands/words.js'
import { commandNames } from './commands.js'
import { UsageError } from './usage-error.js'

/** Flags that yargs itself has, of every command. */
const everywhere = ['help', 'version']

/** @throws UsageError for a command line that begins with no command */
export function checkCommand({ command, flags }: CommandWords): void {
  if (command === undefined)
    throw new UsageError(`Give a command${flags.length > 0 ? ', before its flags' : ''}.`)
  if (commandNames.some((name) => name === command)) return
  throw new UsageError(`Unknown command: ${command}${didYouMean(command, commandNames)}`)
}

/**
 * What yargs would tell without saying what was meant.
 *
 * @throws UsageError for a flag that the command has not
 */
export function checkFlags({ flags }: Command, given: readonly TypedFlag[]): void {
  const names = [...Object.keys(flags), ...everywhere]
  const unknown = given.find(({ name }) => !names.includes(name))
  if (!unknown) return
  const { name, value, words } = unknown
  const meant = didYouMean(
    name.replace(/^-/, ''),
    names,
    (near) => `--${value === false ? 'no-' : ''}${near}`,
  )
  throw new UsageError(`Unknown flag: ${words[0]?.split('=')[0] ?? ''}${meant}`)
}
