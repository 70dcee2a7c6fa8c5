import type { PrewarmedWorker } from '../inference/worker/prewarm.js'
import type { CommandFlags, FlagWording } from './flags/flag.js'
import type { Named } from './flags/option-flags.js'

/** An example in the help: its description and the shell line. */
type Example = readonly [does: string, line: string]

/** The words without a flag. */
interface Positional {
  /** The flag that they are values of. */
  readonly flag: string
  /** A placeholder for the help: `[image…]`, `<model>`. */
  readonly shown: string
}

/** What a command receives in addition to its arguments. */
export interface CommandContext {
  /** The prewarmed worker, if any. */
  readonly early: PrewarmedWorker | undefined
}

/** The message of a conflict between valid flags, or `true`. */
export type Checked = true | FlagWording

/** One command of the command line. */
export interface Command {
  readonly name: string
  readonly describe: string
  /** Other names, from `argv.ts`. */
  readonly aliases?: readonly string[]
  readonly flags: CommandFlags
  /** The flags of the options of its own function of the library, for messages about these options. */
  readonly optionFlags?: Readonly<Record<string, Named>>
  /** What words without a flag are; absent where none are accepted. */
  readonly positional?: Positional
  readonly examples: readonly Example[]
  /** The page in docs/. */
  readonly guide: string
  /** Whether it runs on systems that cannot run paddle too. */
  readonly runsAnywhere?: true
  readonly check?: (args: object) => Checked | Promise<Checked>
  readonly run: (args: object, context: CommandContext) => Promise<void>
}

/** A command with typed arguments. */
export interface CommandOf<Arguments> extends Omit<Command, 'check' | 'run'> {
  readonly check?: (args: Arguments) => Checked | Promise<Checked>
  readonly run: (args: Arguments, context: CommandContext) => Promise<void>
}

/** Defines a command whose flags produce arguments of this type. */
export function commandOf<Arguments extends object>(command: CommandOf<Arguments>): Command {
  // The compiler cannot derive the type of the arguments from the flags.
  return command as unknown as Command
}
