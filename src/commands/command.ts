import type { PrewarmedWorker } from '../inference/worker/prewarm.js'
import type { CommandFlags, FlagWording } from './flags/flag.js'

/** A line for the shell, and what it does, in the help of a command. */
type Example = readonly [does: string, line: string]

/** What a command is given beside its arguments. */
export interface CommandContext {
  /** A worker that was started while the command was still being loaded. */
  readonly early: PrewarmedWorker | undefined
}

/** What is wrong with flags that are right each by itself; `true` where nothing is. */
export type Checked = true | FlagWording

/** One command of the command line. */
export interface Command {
  readonly name: string
  readonly describe: string
  readonly flags: CommandFlags
  readonly examples: readonly Example[]
  /** Its page. */
  readonly guide: string
  readonly check?: (args: object) => Checked | Promise<Checked>
  readonly run: (args: object, context: CommandContext) => Promise<void>
}

/** A command whose arguments have this form when its flags have been read. */
export interface CommandOf<Arguments> extends Omit<Command, 'check' | 'run'> {
  readonly check?: (args: Arguments) => Checked | Promise<Checked>
  readonly run: (args: Arguments, context: CommandContext) => Promise<void>
}

/** A command whose arguments are known to have the form that its flags make. */
export function commandOf<Arguments extends object>(command: CommandOf<Arguments>): Command {
  // What the flags make of the words is known to nobody but the command.
  return command as unknown as Command
}
