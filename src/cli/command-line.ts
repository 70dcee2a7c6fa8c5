import type { Command, CommandContext } from '../commands/command.js'
import { beQuiet } from '../commands/notes.js'
import { messageOf } from '../errors.js'
import { checkCommand, checkFlags } from './check-words.js'
import { allCommands, commandNamed } from './commands.js'
import type { ConfigFile } from './config-file.js'
import { defaultsOf, withSources, type Defaults } from './defaults.js'
import { parserFor } from './parser.js'
import { UsageError } from './usage-error.js'
import { flagOf } from './words.js'

/** Reads a command line and does what it says; the file's defaults are read when they are needed. */
export async function runCommandLine(
  words: readonly string[],
  file: () => ConfigFile | undefined,
  context: CommandContext,
): Promise<void> {
  const [first, ...rest] = words
  if (words.includes('--version')) {
    const { showVersion } = await import('./show-version.js')
    return showVersion(rest)
  }
  checkCommand(first)
  const isHelpWanted = words.includes('--help')
  const command = await commandNamed(first)
  if (command) checkFlags(command, rest)
  else if (!isHelpWanted) throw new UsageError('Give a command, before its flags.')
  if (isHelpWanted) {
    const { helpOf, helpOfAll } = await import('./help.js')
    process.stdout.write(`${await (command ? helpOf(command) : helpOfAll(await allCommands()))}\n`)
    return
  }
  // A shell that starts in a folder whose file is wrong shall complete there all the same.
  if (command) await runCommand(command, rest, first === 'completion' ? undefined : file(), context)
}

async function runCommand(
  command: Command,
  words: readonly string[],
  file: ConfigFile | undefined,
  context: CommandContext,
): Promise<void> {
  const defaults = defaultsOf(command, file, file ? await allCommands() : [])
  const args = await parsed(command, words, defaults)
  if (args['quiet'] === true) beQuiet()
  await command.run(args, context)
}

/** What the command is given. @throws UsageError that says where what is wrong comes from */
async function parsed(
  command: Command,
  words: readonly string[],
  defaults: Defaults,
): Promise<Readonly<Record<string, unknown>>> {
  const { flags, check = () => true } = command
  const values = Object.fromEntries([...defaults].map(([name, { value }]) => [name, value]))
  const parser = parserFor(words).options(flags).config(values).strict().version(false).help(false)
  try {
    return await parser.check((args) => check(args)).parseAsync()
  } catch (error) {
    if (!isUsageError(error)) throw error
    const typed = new Set(words.map(flagOf))
    throw new UsageError(withSources(messageOf(error), defaults, (flag) => typed.has(flag)))
  }
}

/** yargs' own class, for what a `coerce` refuses, is known by its name alone: it is not exported. */
function isUsageError(error: unknown): boolean {
  return error instanceof UsageError || (error instanceof Error && error.name === 'YError')
}
