import { existsSync } from 'node:fs'
import type { CommandWords } from '../argv.js'
import type { CommandFlag, CommandFlags } from './flag.js'

/** A flag of a command line with one value, or a word without a flag. */
export interface GivenFlag {
  /** Undefined for a word without a flag. */
  readonly name: string | undefined
  /** The notation, without the value: `-k`, `--topk`; `''` for a word without a flag. */
  readonly typed: string
  /** False for `--no-…`; undefined if there is none. */
  readonly value: string | false | undefined
}

/**
 * The flags of a command line with their values, and the words without a flag, in the order of the line. A
 * flag that can stand alone has the next word as its value if the flag accepts it: `--json true`, but not
 * `--json cat.jpg`.
 */
export function givenFlags({ before, flags, after }: CommandWords, known: CommandFlags): GivenFlag[] {
  const own = flags.flatMap(({ name, typed, tied, words }): GivenFlag[] => {
    const count = valuesIn(words, tied, Object.hasOwn(known, name) ? known[name] : undefined)
    const values = [...(tied === undefined && count > 0 ? [] : [tied]), ...words.slice(0, count)]
    return [...values.map((value) => ({ name, typed, value })), ...alone(words.slice(count))]
  })
  return [...alone(before), ...own, ...alone(after)]
}

function alone(words: readonly string[]): GivenFlag[] {
  return words.map((value) => ({ name: undefined, typed: '', value }))
}

/** How many of the words after a flag are values of it. */
function valuesIn(
  words: readonly string[],
  tied: string | false | undefined,
  flag: CommandFlag | undefined,
): number {
  const [first] = words
  if (!flag || tied === false || first === undefined) return 0
  if (flag.array) return words.length
  return tied === undefined && (flag.requiresArg || isMeantFor(flag, first)) ? 1 : 0
}

/**
 * Whether a word is the value of a flag that can stand alone. So are `no`, `off` and, unless it is a switch, an
 * empty word, which the flag then rejects. A short word that is the name of a file is none.
 */
function isMeantFor(flag: CommandFlag, word: string): boolean {
  // Folders of a class each are often named by its number.
  if (/^(?:[01]|[a-z]{1,2})$/i.test(word) && existsSync(word)) return false
  return /^(?:y|yes|n|no|on|off|none)$/i.test(word) || accepts(flag, word) !== (word === '')
}

function accepts({ coerce }: CommandFlag, value: string): boolean {
  try {
    coerce?.(value)
    return true
  } catch {
    return false
  }
}

/** The words of a flag in its long form: for yargs, and for a command line to show. */
export function wordsOf({ name = '', value }: GivenFlag): string[] {
  if (value === false) return [`--no-${name}`]
  if (value === undefined) return [`--${name}`]
  // After `=`, yargs removes quotes that are part of the value.
  return value.startsWith('-') ? [`--${name}=${value}`] : [`--${name}`, value]
}
