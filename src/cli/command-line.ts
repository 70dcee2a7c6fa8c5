import { camelCase, lastValue, type CommandWords, type TypedFlag } from '../commands/argv.js'
import type { Command, CommandContext } from '../commands/command.js'
import { formatInFlags, setCommandFlags } from '../commands/flags/flag-errors.js'
import { givenFlags, wordsOf } from '../commands/flags/given-flags.js'
import { logWarning } from '../commands/terminal/log-warning.js'
import { logNote, printText, setQuiet } from '../commands/terminal/print.js'
import { messageOf } from '../errors.js'
import { omit } from '../options/index.js'
import { packageVersion } from '../package-files.js'
import { checkPlatform } from '../platform.js'
import { checkFlags, withPositional } from './check-flags.js'
import { allCommands, commandNamed } from './commands.js'
import { readConfigFile } from './config-file.js'
import { collectDefaults, withSources, type Defaults } from './defaults.js'
import { parserFor } from './parser.js'
import { unknownVariables } from './unknown-variables.js'
import { UsageError } from './usage-error.js'

/** Runs a command line. */
export async function runCommandLine(line: CommandWords, context: CommandContext): Promise<void> {
  const { command: name, flags } = line
  if (lastValue(flags, 'version') !== undefined) {
    return showVersion(flags)
  }
  const help = helpIn(line)
  const command = await commandNamed(name)
  if (!command && (name !== undefined || !help)) {
    const { unknownCommand } = await import('./unknown-command.js')
    throw await unknownCommand(line)
  }
  if (command) {
    setCommandFlags(command)
    checkFlags(command, flags)
  }
  if (help) {
    const { helpOf, helpOfAll } = await import('./help.js')
    printText(`${await (command ? helpOf(command, help) : helpOfAll(await allCommands()))}\n`)
    return
  }
  if (!command) return
  // An invalid file of defaults must not break the start of a shell.
  const file = name === 'completion' ? undefined : readConfigFile(flags)
  const defaults = collectDefaults(command, file, file ? await allCommands() : [])
  const args = await parsed(command, line, defaults)
  if (!command.runsAnywhere) checkPlatform()
  if (args['quiet'] === true) setQuiet()
  if (file?.warning) logWarning(file.warning)
  // The start of a shell runs `completion`.
  if (name !== 'completion') for (const line of await unknownVariables(command, allCommands)) logNote(line)
  await command.run(args, context)
}

/** The help that is requested; without any words, that of the program. */
function helpIn({ command, before, flags }: CommandWords): 'common' | 'all' | undefined {
  if (lastValue(flags, 'help-all') !== undefined) return 'all'
  const isEmpty = command === undefined && before.length === 0 && flags.length === 0
  return isEmpty || lastValue(flags, 'help') !== undefined ? 'common' : undefined
}

/**
 * Prints the versions of this package and of the wheel in use. Does not fail if there is no usable Python.
 */
async function showVersion(flags: readonly TypedFlag[]): Promise<void> {
  const { wheelVersion } = await import('../environment/wheel-version.js')
  const python = lastValue(flags, 'python')
  const wheel = await wheelVersion(python === false || python === '' ? undefined : python)
  printText(`paddle-ts ${await packageVersion()}\n${wheel}\n`)
}

/** Parses and checks the arguments. @throws UsageError with the sources of invalid defaults */
async function parsed(
  command: Command,
  line: CommandWords,
  defaults: Defaults,
): Promise<Readonly<Record<string, unknown>>> {
  const { flags, check = () => true } = command
  const given = withPositional(command, givenFlags(line, flags))
  const values = Object.fromEntries([...defaults].map(([name, { value }]) => [name, value]))
  const typed = new Map(given.map(({ name, typed }) => [name, typed]))
  /** The flags that the message is about. */
  const named = new Set<string>()
  const usageError = (message: string): UsageError =>
    new UsageError(withSources(message, named, defaults, typed))
  const asTyped = Object.entries(flags).map(([name, flag]) => [
    name,
    omit({ coerce: true, alias: true }, flag),
  ])
  const parser = parserFor(given.flatMap(wordsOf)).options(Object.fromEntries(asTyped)).config(values)
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
