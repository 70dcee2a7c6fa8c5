import { countValue, fractionValue, switchValue, textValue, wordValue } from './flag-values.js'

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

const needsValue = { type: 'string', requiresArg: true } as const

/** A switch: with or without a value. */
export function switchOf(flag: string) {
  return { type: 'string', kind: 'switch', words: ['true', 'false'], coerce: switchValue(flag) } as const
}

/** A whole number, from `least` on. */
export function countOf(flag: string, least: number) {
  return { ...needsValue, kind: 'number', coerce: countValue(flag, least) } as const
}

/** A number from 0 to 1. */
export function fractionOf(flag: string) {
  return { ...needsValue, kind: 'number', coerce: fractionValue(flag) } as const
}

/** One of some words. */
export function wordOf<const Word extends string>(flag: string, words: readonly Word[]) {
  return { ...needsValue, kind: 'text', words, coerce: wordValue(flag, words) } as const
}

/** A text. */
export function textOf(flag: string) {
  return { ...needsValue, kind: 'text', coerce: textValue(flag) } as const
}

/** The path of a file or a folder. */
export function pathOf(flag: string) {
  return { ...needsValue, kind: 'path', coerce: textValue(flag) } as const
}

/** For `runsCode`: whatever the value. */
export function always(): boolean {
  return true
}

/** The same flags under a heading of the help. */
export function under<Flags extends CommandFlags>(group: string, flags: Flags): Flags {
  const grouped = Object.entries(flags).map(([name, flag]) => [name, { ...flag, group }])
  return Object.fromEntries(grouped) as Flags
}
