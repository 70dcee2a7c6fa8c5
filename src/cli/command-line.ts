import { camelCase, lastValue, type CommandWords, type TypedFlag } from '../commands/argv.js'
import type { Command, CommandContext } from '../commands/command.js'
import { didYouMean } from '../commands/did-you-mean.js'
import { formatInFlags } from '../commands/flags/flag-errors.js'
import { setQuiet } from '../commands/terminal/stderr-log.js'
import { messageOf } from '../errors.js'
import { omit } from '../options/index.js'
import { packageVersion } from '../package-files.js'
import { allCommands, commandNamed, commandNames } from './commands.js'
import { readConfigFile } from './config-file.js'
import { collectDefaults, withSources, type Defaults } from './defaults.js'
import { parserFor } from './parser.js'
import { UsageError } from './usage-error.js'

/** Runs a command line. */
export async function runCommandLine(line: CommandWords, context: CommandContext): Promise<void> {
  const { command: name, flags } = line
  if (lastValue(flags, 'version') !== undefined) {
    return showVersion(flags)
  }
  const isHelpWanted = lastValue(flags, 'help') !== undefined
  if (name !== undefined || !isHelpWanted) checkCommand(line)
  const command = await commandNamed(name)
  if (command) checkFlags(command, flags)
  if (isHelpWanted) {
    const { helpOf, helpOfAll } = await import('./help.js')
    process.stdout.write(`${await (command ? helpOf(command) : helpOfAll(await allCommands()))}\n`)
    return
  }
  if (!command) return
  // An invalid file of defaults must not break the start of a shell.
  const file = name === 'completion' ? undefined : readConfigFile(flags)
  const defaults = collectDefaults(command, file, file ? await allCommands() : [])
  const args = await parsed(command, line, defaults)
  if (args['quiet'] === true) setQuiet()
  await command.run(args, context)
}

/**
 * Prints the versions of this package and of the wheel in use. Does not fail if there is no usable Python.
 */
async function showVersion(flags: readonly TypedFlag[]): Promise<void> {
  const { wheelVersion } = await import('../environment/wheel-version.js')
  const python = lastValue(flags, 'python')
  const wheel = await wheelVersion(python === false || python === '' ? undefined : python)
  process.stdout.write(`paddle-ts ${await packageVersion()}\n${wheel}\n`)
}

/** Parses and checks the arguments. @throws UsageError with the sources of invalid defaults */
async function parsed(
  command: Command,
  { words, flags: given }: CommandWords,
  defaults: Defaults,
): Promise<Readonly<Record<string, unknown>>> {
  const { flags, check = () => true } = command
  const values = Object.fromEntries([...defaults].map(([name, { value }]) => [name, value]))
  /** The flags that the message is about. */
  const named = new Set<string>()
  const usageError = (message: string): UsageError =>
    new UsageError(withSources(message, named, defaults, (flag) => lastValue(given, flag) !== undefined))
  const asTyped = Object.entries(flags).map(([name, flag]) => [name, omit({ coerce: true }, flag)])
  const parser = parserFor(words).options(Object.fromEntries(asTyped)).config(values)
  const args: Record<string, unknown> = await parser.strict().version(false).help(false).parseAsync()
  for (const [name, { coerce }] of Object.entries(flags)) {
    if (!coerce || args[name] === undefined) continue
    try {
      args[name] = args[camelCase(name)] = coerce(args[name])
    } catch (error) {
      named.add(name)
      throw usageError(messageOf(error))
    }
  }
  const together = await check(args)
  if (together !== true) throw usageError(formatInFlags(together, named))
  return args
}

/** Flags of every command that yargs provides. */
const everywhere = ['help', 'version']

/** @throws UsageError if the command line does not start with a command */
export function checkCommand({ command, flags }: CommandWords): void {
  if (command === undefined)
    throw new UsageError(`Expected a command${flags.length > 0 ? ' before the flags' : ''}.`)
  if (commandNames.some((name) => name === command)) return
  throw new UsageError(`Unknown command: ${command}${didYouMean(command, commandNames)}`)
}

/**
 * Replaces the error of yargs by one with a suggestion.
 *
 * @throws UsageError for a flag that the command does not have
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
