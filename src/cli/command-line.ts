import type { Command, CommandContext } from '../commands/command.js'
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
  const parser = parserFor(words).options(flags).config(values).strict().version(false).help(false)
  try {
    return await parser.check((args) => check(args)).parseAsync()
  } catch (error) {
    if (!isUsageError(error)) throw error
    const isTyped = (flag: string): boolean => lastValue(given, flag) !== undefined
    throw new UsageError(withSources(messageOf(error), defaults, isTyped))
  }
}

/** yargs' own class, for what a `coerce` refuses, is known by its name alone: it is not exported. */
function isUsageError(error: unknown): boolean {
  return error instanceof UsageError || (error instanceof Error && error.name === 'YError')
}
