import { text, type Kind } from '../../options/index.js'
import { dashed } from '../argv.js'
import {
  countValue,
  fractionValue,
  lastOf,
  listValue,
  switchValue,
  textValue,
  wordValue,
  type CommandFlag,
} from './flag.js'

/** What a flag adds to its option: at least the help text. */
interface FlagRow extends Partial<CommandFlag> {
  readonly describe: string
  /** @default the option's name in dashed form */
  readonly name?: string
}

/** One row per option: the compiler rejects missing and excess rows. */
type Rows<Options> = { readonly [Name in keyof Options]-?: string | FlagRow }
type KindsOf<Options> = { readonly [Name in keyof Options]-?: Kind & { readonly default?: unknown } }

/** A flag with its name. */
export type Named = readonly [name: string, flag: CommandFlag]

/** Flags by their options. */
export type FlagsOf<Options> = { readonly [Name in keyof Options]-?: Named }

/**
 * Makes the flags of options from the kinds of the options, in the order of the rows.
 *
 * @param nameOf - returns the flag's name for the dashed name of the option
 */
export function optionFlags<Options>(
  group: string,
  form: KindsOf<Options>,
  rows: Rows<Options>,
  nameOf = (dashed: string): string => dashed,
): FlagsOf<Options> {
  const flags = Object.entries<string | FlagRow>(rows).map(([option, row]) => {
    const {
      name = nameOf(dashed(option)),
      describe,
      ...more
    } = typeof row === 'string' ? { describe: row } : row
    const kind = form[option as keyof Options]
    const usual = more.usual ?? kind.default
    const shown = usual === Infinity ? 'no limit' : String(usual)
    const help = usual === undefined ? describe : `${describe} [default: ${shown}]`
    return [option, [name, { ...flagFor(name, kind), group, ...more, usual, describe: help }]]
  })
  return Object.fromEntries(flags) as FlagsOf<Options>
}

/** The flags of a command, by name. */
export function asFlags<Options>(flags: FlagsOf<Options>): Readonly<Record<string, CommandFlag>> {
  return Object.fromEntries(Object.values<Named>(flags))
}

/** The options whose flags are given; undefined if none is. */
export function optionsFromFlags<Options extends object>(
  flags: FlagsOf<Options>,
  args: object,
): Partial<Options> | undefined {
  const values = args as Readonly<Record<string, unknown>>
  const given = Object.entries<Named>(flags)
    .map(([option, [name]]) => [option, values[name]] as const)
    .filter(([, value]) => value !== undefined)
  // The `coerce` of each flag has converted its value.
  return given.length === 0 ? undefined : (Object.fromEntries(given) as Partial<Options>)
}

/** The kind of a flag without a library option, and its help text or more. */
type OwnRow = readonly [kind: Kind, row: string | Omit<FlagRow, 'name'>]

/** Makes flags that correspond to no option of the library, by name. */
export function ownFlags<Name extends string>(
  group: string,
  rows: Readonly<Record<Name, OwnRow>>,
): Readonly<Record<Name, CommandFlag>> {
  const flags = Object.entries<OwnRow>(rows).map(([name, [kind, row]]) => {
    return [name, { ...flagFor(name, kind), group, ...(typeof row === 'string' ? { describe: row } : row) }]
  })
  return Object.fromEntries(flags) as Readonly<Record<Name, CommandFlag>>
}

const needsValue = { type: 'string', requiresArg: true } as const

function flagFor(name: string, { type, least = 0, most, words = [], kinds = [] }: Kind): CommandFlag {
  switch (type) {
    case 'switch':
      return { type: 'string', kind: 'switch', words: ['true', 'false'], coerce: switchValue(name) }
    case 'count':
      return { ...needsValue, kind: 'number', coerce: countValue(name, least, most) }
    case 'fraction':
      return { ...needsValue, kind: 'number', coerce: fractionValue(name) }
    case 'path':
      return { ...needsValue, kind: 'path', coerce: textValue(name) }
    case 'word':
      return { ...needsValue, kind: 'text', words, coerce: wordValue(name, words) }
    case 'list':
      return { ...needsValue, kind: 'text', several: true, coerce: listValue(name) }
    case 'either':
      return eitherOf(name, words, kinds)
    default:
      return { ...needsValue, kind: 'text', coerce: textValue(name) }
  }
}

/**
 * A flag that takes a word, else a number if the value consists of digits, else a value of the first kind.
 */
function eitherOf(name: string, words: readonly string[], kinds: readonly Kind[]): CommandFlag {
  const others = kinds.filter(({ type }) => type !== 'word' && type !== 'other')
  const [first, number] = others.map((kind) => flagFor(name, kind))
  return {
    ...(first ?? flagFor(name, text)),
    ...(number && { kind: number.kind }),
    words: [...words, ...(first?.words ?? [])],
    coerce: (given) => {
      const value = lastOf(given)
      if (words.some((word) => word === value)) return value
      return (number && /^\d+$/.test(String(value)) ? number : first)?.coerce?.(given)
    },
  }
}

/** A `coerce` for comma-separated or repeated values in a form of their own. */
export function itemsValue<Value>(
  flag: string,
  form: string,
  parse: (item: string) => Value | undefined,
): (given: unknown) => readonly Value[] {
  const list = listValue(flag)
  return (given) =>
    list(given).map((item) => {
      const value = parse(item)
      if (value === undefined) throw new Error(`Expected ${form} for --${flag}, got ${item}.`)
      return value
    })
}
