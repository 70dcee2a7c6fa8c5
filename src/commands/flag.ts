/** What a flag takes. */
type FlagKind = 'text' | 'path' | 'number' | 'switch' | 'json'

/** A flag of a command: as yargs takes it, and what else there is to know of it. */
export interface CommandFlag {
  readonly describe?: string
  readonly group?: string
  readonly type?: 'string'
  readonly array?: true
  readonly requiresArg?: true
  /** Told where it is missing. */
  readonly demandOption?: string
  readonly default?: unknown
  readonly coerce?: (given: unknown) => unknown
  readonly kind: FlagKind
  /** The values that there are, where they are words; others may be possible beside. */
  readonly words?: readonly string[]
  /** Whether several values are all meant. */
  readonly several?: true
  /** What it comes to where it is not given, and that is known. */
  readonly usual?: unknown
  /** `false` where the answers of a model are the same by it. */
  readonly changesAnswers?: boolean
  /** Whether such a value has a program run, which nobody but the user may name. */
  readonly runsCode?: (value: string) => boolean
  /** Whether such a value of a path is none, but a name. */
  readonly isName?: (value: string) => boolean
}

/** The flags of a command by their names, in the order of its help. */
export type CommandFlags = Readonly<Record<string, CommandFlag>>

/** For `runsCode`: whatever the value. */
export function always(): boolean {
  return true
}
