import { shownValue } from '../../errors.js'
import { integerFrom } from '../../options/index.js'
import type { InterfaceText, OptionName, Wording } from '../../wording.js'
import { didYouMean } from '../did-you-mean.js'

/** A flag in a text. */
interface FlagName {
  /** Without leading dashes. */
  readonly flag: string
}

/** A text of the command line, before formatting. */
export type FlagWording = Wording<OptionName | InterfaceText | FlagName>

/** The kind of a flag's value. */
type FlagKind = 'text' | 'path' | 'number' | 'switch' | 'json'

/** A flag of a command: the options for yargs, and some of our own. */
export interface CommandFlag {
  readonly describe?: string
  readonly group?: string
  /** The short flags, from the one table of `argv.ts`. */
  readonly alias?: readonly string[]
  /** Whether the short help of a command with many flags shows it. */
  readonly common?: true
  readonly type?: 'string'
  readonly array?: true
  readonly requiresArg?: true
  /** The message if the flag is missing. */
  readonly demandOption?: string
  readonly default?: unknown
  readonly coerce?: (given: unknown) => unknown
  readonly kind: FlagKind
  /** Words that are valid values, for completion; other values may be valid too. */
  readonly words?: readonly string[]
  /** Whether the flag takes several values. */
  readonly several?: true
  /** The effective value without the flag, if known. */
  readonly usual?: unknown
  /** `false` if the flag does not change results. */
  readonly changesAnswers?: boolean
  /** Whether this value runs a program; a file of defaults may set it only if the user names the file. */
  readonly runsCode?: (value: string) => boolean
  /** Whether this value of a path flag is a name, not a path. */
  readonly isName?: (value: string) => boolean
}

/** The flags of a command by their names, in the order of its help. */
export type CommandFlags = Readonly<Record<string, CommandFlag>>

/** For `runsCode`: any value. */
export function always(): boolean {
  return true
}

/**
 * A `coerce` for a switch with an optional value, like the tutorial's `str2bool`: `True`, `t` and `1` are
 * true, and so is the flag alone. Rejects other values. (For the booleans of yargs, `--use-gpu=True` is
 * false.)
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

/** A `coerce` for an integer from `least` to `most`. */
export function countValue(flag: string, least: number, most = Infinity): (given: unknown) => number {
  return (given) => {
    const value = lastOf(given)
    const number = typeof value === 'string' && !/^\d+$/.test(value) ? NaN : Number(value)
    if (Number.isSafeInteger(number) && number >= least && number <= most) return number
    throw new Error(`Expected ${integerFrom(least, most)} for --${flag}, got ${shown(value)}.`)
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

/** A `coerce` for a non-empty string. */
export function textValue(flag: string): (given: unknown) => string {
  return (given) => {
    const value = lastOf(given)
    if (typeof value === 'string' && value !== '') return value
    throw new Error(`Expected a value for --${flag}.`)
  }
}

/** A `coerce` for comma-separated names. A flag given twice adds its names. */
export function listValue(flag: string): (given: unknown) => string[] {
  return (given) =>
    [given].flat().flatMap((value) => {
      const names = String(value)
        .split(',')
        .map((name) => name.trim())
      if (!names.includes('')) return names
      throw new Error(`Expected names separated by commas for --${flag}, got ${shown(value)}.`)
    })
}

/** A `coerce` for one of the given words. */
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

/** The value of a flag; the last one if the flag is given several times. */
export function lastOf(given: unknown): unknown {
  return Array.isArray(given) ? (given as unknown[]).at(-1) : given
}

/** A value in a message. */
export function shown(value: unknown): string {
  return shownValue(String(value)) || 'an empty value'
}
