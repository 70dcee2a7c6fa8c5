import { countValue, listValue, switchValue, textValue } from '../flag-values.js'

/** A flag that stands for an option. */
export interface Flag<Value> {
  /** Without the dashes before it. */
  readonly name: string
  readonly describe: string
  /** What the option is, from what yargs gives; throws for what is wrong. */
  readonly parse: (given: unknown) => Value
  /** Whether the flag alone means something. */
  readonly mayStandAlone: boolean
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
  return { name, describe, parse: switchValue(name), mayStandAlone: true }
}

export function countFlag(name: string, least: number, describe: string): Flag<number> {
  return flagOf(name, describe, countValue(name, least))
}

export function textFlag(name: string, describe: string): Flag<string> {
  return flagOf(name, describe, textValue(name))
}

export function listFlag(name: string, describe: string): Flag<readonly string[]> {
  return flagOf(name, describe, listValue(name))
}

/** A flag whose values, with commas between them or several times, have a form of their own. */
export function itemsFlag<Value>(
  name: string,
  describe: string,
  form: string,
  parse: (item: string) => Value | undefined,
): Flag<readonly Value[]> {
  const list = listValue(name)
  return flagOf(name, describe, (given) =>
    list(given).map((item) => {
      const value = parse(item)
      if (value === undefined) throw new Error(`Expected ${form} for --${name}, got ${item}.`)
      return value
    }),
  )
}

/** A flag that needs a value. */
export function flagOf<Value>(name: string, describe: string, parse: (given: unknown) => Value): Flag<Value> {
  return { name, describe, parse, mayStandAlone: false }
}
