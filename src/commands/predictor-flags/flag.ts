import type { FlagKind } from '../flag.js'
import { countValue, listValue, switchValue, textValue, wordValue } from '../flag-values.js'

/** A flag that stands for an option. */
export interface Flag<Value> {
  /** Without the dashes before it. */
  readonly name: string
  readonly describe: string
  /** What the option is, from what yargs gives; throws for what is wrong. */
  readonly parse: (given: unknown) => Value
  /** Whether the flag alone means something. */
  readonly mayStandAlone: boolean
  readonly kind: FlagKind
  /** The values that there are, where they are words; others may be possible beside. */
  readonly words?: readonly string[]
  /** Whether several values are all meant. */
  readonly several?: true
  /** Whether a value has a program run. */
  readonly runsCode?: (value: string) => boolean
}

/** A flag for each option of an interface: none can be missing, and none too many. */
export type FlagsOf<Options> = {
  readonly [Name in keyof Options]-?: Flag<NonNullable<Options[Name]>>
}

/** The options whose flags were given; undefined where none was. */
export function givenOf<Options extends object>(
  flags: FlagsOf<Options>,
  args: object,
): Partial<Options> | undefined {
  const values = args as Readonly<Record<string, unknown>>
  const given = Object.entries<Flag<unknown>>(flags)
    .map(([option, { name }]) => [option, values[name]] as const)
    .filter(([, value]) => value !== undefined)
  // The values are what each flag's `parse` has made of them.
  return given.length === 0 ? undefined : (Object.fromEntries(given) as Partial<Options>)
}

export function switchFlag(name: string, describe: string): Flag<boolean> {
  const parse = switchValue(name)
  return { name, describe, parse, mayStandAlone: true, kind: 'switch', words: ['true', 'false'] }
}

export function countFlag(name: string, least: number, describe: string): Flag<number> {
  return flagOf(name, describe, countValue(name, least), 'number')
}

export function textFlag(name: string, describe: string): Flag<string> {
  return flagOf(name, describe, textValue(name))
}

export function pathFlag(name: string, describe: string): Flag<string> {
  return flagOf(name, describe, textValue(name), 'path')
}

export function wordFlag<const Word extends string>(
  name: string,
  describe: string,
  words: readonly Word[],
): Flag<Word> {
  return { ...flagOf(name, describe, wordValue(name, words)), words }
}

export function listFlag(name: string, describe: string): Flag<readonly string[]> {
  return { ...flagOf(name, describe, listValue(name)), several: true }
}

/** A flag whose values, with commas between them or several times, have a form of their own. */
export function itemsFlag<Value>(
  name: string,
  describe: string,
  form: string,
  parse: (item: string) => Value | undefined,
): Flag<readonly Value[]> {
  const list = listValue(name)
  const parseAll = (given: unknown): readonly Value[] =>
    list(given).map((item) => {
      const value = parse(item)
      if (value === undefined) throw new Error(`Expected ${form} for --${name}, got ${item}.`)
      return value
    })
  return { ...flagOf(name, describe, parseAll), several: true }
}

/** A flag that needs a value. */
function flagOf<Value>(
  name: string,
  describe: string,
  parse: (given: unknown) => Value,
  kind: FlagKind = 'text',
): Flag<Value> {
  return { name, describe, parse, mayStandAlone: false, kind }
}
