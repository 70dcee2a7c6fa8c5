import type { Argv, CommandModule } from 'yargs'

/** The commands in the order in which the help lists them; yargs holds each one's options to its builder. */
const commands: Readonly<Record<string, () => Promise<unknown>>> = {
  setup: async () => (await import('../commands/setup.js')).setupCommand,
  doctor: async () => (await import('../commands/doctor.js')).doctorCommand,
  export: async () => (await import('../commands/export.js')).exportCommand,
  infer: async () => (await import('../commands/infer.js')).inferCommand,
  verify: async () => (await import('../commands/verify.js')).verifyCommand,
  benchmark: async () => (await import('../commands/benchmark.js')).benchmarkCommand,
  inspect: async () => (await import('../commands/inspect.js')).inspectCommand,
  convert: async () => (await import('../commands/convert.js')).convertCommand,
}

/** The command that a command line begins with, else all of them, among which yargs looks for what was meant. */
export async function commandsFor([name = '']: readonly string[]): Promise<readonly CommandModule[]> {
  const named = Object.hasOwn(commands, name) ? [commands[name]] : Object.values(commands)
  const modules = await Promise.all(named.map(async (load) => load?.()))
  return (modules as readonly CommandModule[]).map(withoutNeedlessHelp)
}

/**
 * yargs lays out the help of every command that it runs, to have it at hand, which takes a third of a second for the flags of a
 * predictor: flags are hidden from it where nobody asks for the help.
 */
function withoutNeedlessHelp(command: CommandModule): CommandModule {
  const { builder } = command
  if (typeof builder !== 'function') return command
  const lean = (yargs: Argv, isHelpWanted?: boolean): Argv => {
    const built = builder(yargs) as Argv
    if (!isHelpWanted) for (const flag of flagsOf(built)) built.hide(flag)
    return built
  }
  return { ...command, builder: lean }
}

/** yargs' types lack it. */
function flagsOf(yargs: Argv): readonly string[] {
  const { key } = (yargs as unknown as { getOptions(): { readonly key: object } }).getOptions()
  return Object.keys(key)
}
