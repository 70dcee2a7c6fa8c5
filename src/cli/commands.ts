import { aliasesOf, commandFor, commandNames, shortFlags, type CommandName } from '../commands/argv.js'
import type { Command } from '../commands/command.js'
import type { CommandFlags } from '../commands/flags/flag.js'
import { generalFlags } from '../commands/flags/shared-flags.js'

const loaders: Readonly<Record<CommandName, () => Promise<Command>>> = {
  setup: async () => (await import('../commands/setup.js')).setupCommand,
  doctor: async () => (await import('../commands/doctor.js')).doctorCommand,
  export: async () => (await import('../commands/export.js')).exportCommand,
  infer: async () => (await import('../commands/infer.js')).inferCommand,
  verify: async () => (await import('../commands/verify.js')).verifyCommand,
  benchmark: async () => (await import('../commands/benchmark.js')).benchmarkCommand,
  inspect: async () => (await import('../commands/inspect.js')).inspectCommand,
  convert: async () => (await import('../commands/convert.js')).convertCommand,
  completion: async () => (await import('../commands/completion.js')).completionCommand,
}

/** Loads the command with this name or alias, if there is one. */
export async function commandNamed(word: string | undefined): Promise<Command | undefined> {
  const name = await commandFor(word)
  const found = commandNames.find((one) => one === name)
  return found && load(found)
}

export async function allCommands(): Promise<readonly Command[]> {
  const commands: Command[] = []
  for (const name of commandNames) commands.push(await load(name))
  return commands
}

/** Words in the place of a command that are not its own name, with what they do. */
export async function otherWords(): Promise<Readonly<Record<string, string>>> {
  const aliases = await Promise.all(
    commandNames.map(async (name) =>
      (await aliasesOf(name)).map((alias) => [alias, `Another name of ${name}`] as const),
    ),
  )
  return { ...Object.fromEntries(aliases.flat()), help: 'Show help', version: 'Show versions' }
}

async function load(name: CommandName): Promise<Command> {
  const command = await loaders[name]()
  const flags = withShortFlags({ ...command.flags, ...generalFlags })
  return { ...command, aliases: await aliasesOf(name), flags }
}

function withShortFlags(flags: CommandFlags): CommandFlags {
  const entries = Object.entries(flags).map(([name, flag]) => {
    const alias = shortFlagsOf(name)
    return [name, alias.length > 0 ? { ...flag, alias } : flag] as const
  })
  return Object.fromEntries(entries)
}

/** The short flags of a long one. */
export function shortFlagsOf(name: string): readonly string[] {
  return Object.keys(shortFlags).filter((letter) => shortFlags[letter] === name)
}
