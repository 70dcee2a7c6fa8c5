import type { Command, CommandContext } from '../commands/command.js'
import type { CommandFlags } from '../commands/flag.js'
import { sayInFlags } from '../commands/in-flags.js'
import { beQuiet } from '../commands/notes.js'
import { lastValue, type CommandWords } from '../commands/words.js'
import { messageOf } from '../errors.js'
import { checkCommand, checkFlags } from './check-words.js'
import { allCommands, commandNamed } from './commands.js'
import { readConfigFile } from './config-file.js'
import { defaultsOf, withSources, type Defaults } from './defaults.js'
import { parserFor } from './parser.js'
import { UsageError } from './usage-error.js'

/** Does what a command line says. */
export async function runCommandLine(line: CommandWords, context: CommandContext): Promise<void> {
  const { command: name, flags } = line
  if (lastValue(flags, 'version') !== undefined) {
    const { showVersion } = await import('./show-version.js')
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
  // A shell that starts in a folder whose file is wrong shall complete there all the same.
  const file = name === 'completion' ? undefined : readConfigFile(flags)
  const defaults = defaultsOf(command, file, file ? await allCommands() : [])
  const args = await parsed(command, line, defaults)
  if (args['quiet'] === true) beQuiet()
  await command.run(args, context)
}

/** What the command is given. @throws UsageError that says where what is wrong comes from */
async function parsed(
  command: Command,
  { words, flags: given }: CommandWords,
  defaults: Defaults,
): Promise<Readonly<Record<string, unknown>>> {
  const { flags, check = () => true } = command
  const values = Object.fromEntries([...defaults].map(([name, { value }]) => [name, value]))
  /** Those that what is wrong is about. */
  const named = new Set<string>()
  const wrong = (message: string): UsageError =>
    new UsageError(withSources(message, named, defaults, (flag) => lastValue(given, flag) !== undefined))
  const watched = watch(flags, (name) => named.add(name))
  const parser = parserFor(words).options(watched).config(values).strict().version(false).help(false)
  let args: Readonly<Record<string, unknown>>
  try {
    args = await parser.parseAsync()
  } catch (error) {
    throw isUsageError(error) ? wrong(messageOf(error)) : error
  }
  const together = await check(args)
  if (together !== true) throw wrong(sayInFlags(together, named))
  return args
}

/** The same flags; `refused` is called with the name of one that does not take its value, of which yargs hands on the message alone. */
function watch(flags: CommandFlags, refused: (name: string) => void): CommandFlags {
  const watched = Object.entries(flags).map(([name, flag]) => {
    const { coerce } = flag
    if (!coerce) return [name, flag]
    const watching = (given: unknown): unknown => {
      try {
        return coerce(given)
      } catch (error) {
        refused(name)
        throw error
      }
    }
    return [name, { ...flag, coerce: watching }]
  })
  return Object.fromEntries(watched) as CommandFlags
}

/** yargs' own class, for what a `coerce` refuses, is known by its name alone: it is not exported. */
function isUsageError(error: unknown): boolean {
  return error instanceof UsageError || (error instanceof Error && error.name === 'YError')
}
