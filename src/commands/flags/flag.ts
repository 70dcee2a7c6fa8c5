import type { OptionName, Wording } from '../../wording.js'
import { didYouMean } from '../did-you-mean.js'

/** A flag that a text of the command line names. */
interface FlagName {
  /** Without the dashes before it. */
  readonly flag: string
}

/** A text that the command line shows, before it is put together. */
export type FlagWording = Wording<OptionName | FlagName>

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

/**
 * A `coerce` for a switch that takes a value, as the tutorial's `str2bool` does: `True`, `t` and `1` are true. yargs' own
 * booleans would take `--use-gpu=True` for false. The flag alone is true; what is neither is a wrong command line.
 */
export function switchValue(flag: string): (given: unknown) => boolean {
  return (given) => {
    const value = lastOf(given)
    if (typeof value === 'boolean') return value
    const text = String(value).toLowerCase()
    if (['', 'true', 't', '1'].includes(text)) return true
    if (['false', 'f', '0'].includes(text)) return false
    throw new Error(`Expected true or false for --${flag}, got ${String(value)}.`)
  }
}

/** A `coerce` for a whole number, from `least` on. */
export function countValue(flag: string, least: number): (given: unknown) => number {
  return (given) => {
    const value = lastOf(given)
    const number = typeof value === 'string' && !/^\d+$/.test(value) ? NaN : Number(value)
    if (Number.isSafeInteger(number) && number >= least) return number
    throw new Error(`Expected an integer from ${least} on for --${flag}, got ${shown(value)}.`)
  }
}

/** A `coerce` for a number from 0 to 1. */
export function fractionValue(flag: string): (given: unknown) => number {
  return (given) => {
    const value = lastOf(given)
    const number =
      typeof value === 'string' && /^(\d+\.?\d*|\.\d+)(e-?\d+)?$/i.test(value) ? Number(value) : NaN
    if (number >= 0 && number <= 1) return number
    throw new Error(`Expected a number from 0 to 1 for --${flag}, got ${shown(value)}.`)
  }
}

/** A `coerce` for a text that must not be empty. */
export function textValue(flag: string): (given: unknown) => string {
  return (given) => {
    const value = lastOf(given)
    if (typeof value === 'string' && value !== '') return value
    throw new Error(`Expected a value for --${flag}.`)
  }
}

/** A `coerce` for names with commas between them. Of a flag that is given twice, both count. */
export function listValue(flag: string): (given: unknown) => string[] {
  return (given) =>
    [given].flat().flatMap((value) => {
      const names = String(value)
        .split(',')
        .map((name) => name.trim())
      if (!names.includes('')) return names
      throw new Error(`Expected names with commas between them for --${flag}, got ${shown(value)}.`)
    })
}

/** A `coerce` for one of some words. */
export function wordValue<Word extends string>(
  flag: string,
  words: readonly Word[],
): (given: unknown) => Word {
  return (given) => {
    const value = lastOf(given)
    const word = words.find((one) => one === value)
    if (word !== undefined) return word
    const got = shown(value)
    throw new Error(`Expected one of ${words.join(', ')} for --${flag}, got ${got}.${didYouMean(got, words)}`)
  }
}

/** Of a flag that is given twice, the last one counts. */
export function lastOf(given: unknown): unknown {
  return Array.isArray(given) ? (given as unknown[]).at(-1) : given
}

/** A value in a message. */
export function shown(value: unknown): string {
  return String(value) || 'an empty value'
}
