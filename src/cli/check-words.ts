import type { Command } from '../commands/command.js'
import { didYouMean } from '../commands/did-you-mean.js'
import { commandNames } from './commands.js'
import { UsageError } from './usage-error.js'
import { dashed, flagName } from './words.js'

/** Flags that yargs itself has, of every command. */
const everywhere = ['help', 'version']

/** @throws UsageError for a command line that begins with no command */
export function checkCommand(first: string | undefined): void {
  if (first === undefined) throw new UsageError('Give a command.')
  if (first.startsWith('-') || commandNames.some((name) => name === first)) return
  throw new UsageError(`Unknown command: ${first}${didYouMean(first, commandNames)}`)
}

/**
 * What yargs would tell without saying what was meant.
 *
 * @throws UsageError for a flag that the command has not
 */
export function checkFlags({ flags }: Command, words: readonly string[]): void {
  const names = [...Object.keys(flags), ...everywhere]
  const end = words.indexOf('--')
  for (const word of end < 0 ? words : words.slice(0, end)) {
    const name = flagName(word)
    if (name === undefined || isKnown(dashed(name), names, word)) continue
    const [shown = '', no = ''] = /^--?(no-)?[^=]*/.exec(word) ?? []
    const meant = didYouMean(dashed(name).slice(no.length), names, (near) => `--${no}${near}`)
    throw new UsageError(`Unknown flag: ${shown}${meant}`)
  }
}

function isKnown(name: string, names: readonly string[], word: string): boolean {
  return word.startsWith('--') && (names.includes(name) || names.includes(name.replace(/^no-/, '')))
}
