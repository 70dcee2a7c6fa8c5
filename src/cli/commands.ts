import type { Command } from '../commands/command.js'
import { generalFlags } from '../commands/flags/shared-flags.js'

/** The commands in the order of the help. */
const loaders = {
  setup: async () => (await import('../commands/setup.js')).setupCommand,
  doctor: async () => (await import('../commands/doctor.js')).doctorCommand,
  export: async () => (await import('../commands/export.js')).exportCommand,
  infer: async () => (await import('../commands/infer.js')).inferCommand,
  verify: async () => (await import('../commands/verify.js')).verifyCommand,
  benchmark: async () => (await import('../commands/benchmark.js')).benchmarkCommand,
  inspect: async () => (await import('../commands/inspect.js')).inspectCommand,
  convert: async () => (await import('../commands/convert.js')).convertCommand,
  completion: async () => (await import('../commands/completion.js')).completionCommand,
} as const satisfies Readonly<Record<string, () => Promise<Command>>>

type CommandName = keyof typeof loaders

export const commandNames = Object.keys(loaders) as readonly CommandName[]

/** Loads the command of this name, if there is one. */
export async function commandNamed(name: string | undefined): Promise<Command | undefined> {
  const found = commandNames.find((one) => one === name)
  return found && withGeneralFlags(await loaders[found]())
}

export async function allCommands(): Promise<readonly Command[]> {
  const commands: Command[] = []
  for (const name of commandNames) commands.push(withGeneralFlags(await loaders[name]()))
  return commands
}

function withGeneralFlags(command: Command): Command {
  return { ...command, flags: { ...command.flags, ...generalFlags } }
}
