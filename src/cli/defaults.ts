import type { Command } from '../commands/command.js'
import { variableOf } from '../commands/words.js'
import type { ConfigFile } from './config-file.js'
import { fileDefaults } from './file-defaults.js'

/** What a flag is when the command line does not say it, and who says so. */
export interface Default {
  readonly value: unknown
  readonly source: string
}

/** The defaults of a command's flags, by their names. */
export type Defaults = ReadonlyMap<string, Default>

/**
 * What variables and a file say of a command's flags; variables go before the file.
 *
 * @throws UsageError for a file that is wrong, whichever command it is for
 */
export function collectDefaults(
  command: Command,
  file: ConfigFile | undefined,
  commands: readonly Command[],
): Defaults {
  const ofFile = file ? fileDefaults(command, file, commands) : []
  const variables = variableDefaults(command)
  // This one is read where a Python is looked for, which is not what `setup` makes one from.
  const hasPython = Boolean(process.env['PADDLE_TS_PYTHON']) && command.name !== 'setup'
  return new Map([...ofFile.filter(([name]) => !(hasPython && name === 'python')), ...variables])
}

/** An empty one says nothing. */
function variableDefaults({ flags }: Command): [string, Default][] {
  return Object.keys(flags).flatMap((name): [string, Default][] => {
    const value = name === 'python' ? '' : process.env[variableOf(name)]
    return value ? [[name, { value, source: `the variable ${variableOf(name)}` }]] : []
  })
}

/** The message with a line for each of the flags that it is about and that was not typed: who gives it. */
export function withSources(
  message: string,
  flags: Iterable<string>,
  defaults: Defaults,
  isTyped: (flag: string) => boolean,
): string {
  const lines = [...flags].flatMap((flag) => {
    const source = isTyped(flag) ? undefined : defaults.get(flag)?.source
    return source === undefined ? [] : [`--${flag} is given by ${source}.`]
  })
  return [message, ...lines].join('\n')
}
