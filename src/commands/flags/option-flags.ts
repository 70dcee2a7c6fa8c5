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

/** What a flag adds to its option: what the help says of it, and what else there is to say. */
interface Told extends Partial<CommandFlag> {
  readonly describe: string
  /** Unless it is the option's, with dashes. */
  readonly name?: string
}

/** Each option has a flag: none can be missing, and none too many. */
type Rows<Options> = { readonly [Name in keyof Options]-?: string | Told }
type KindsOf<Options> = { readonly [Name in keyof Options]-?: Kind & { readonly default?: unknown } }

/** A flag with its name. */
export type Named = readonly [name: string, flag: CommandFlag]

/** The flags by their options. */
export type FlagsOf<Options> = { readonly [Name in keyof Options]-?: Named }

/**
 * The flags of options, by what the options can be; the order is that of the rows.
 *
 * @param nameOf - the flag's name, of the option's with dashes
 */
export function optionFlags<Options>(
  group: string,
  form: KindsOf<Options>,
  rows: Rows<Options>,
  nameOf = (dashed: string): string => dashed,
): FlagsOf<Options> {
  const flags = Object.entries<string | Told>(rows).map(([option, row]) => {
    const {
      name = nameOf(dashed(option)),
      describe,
      ...more
    } = typeof row === 'string' ? { describe: row } : row
    const kind = form[option as keyof Options]
    const usual = more.usual ?? kind.default
    const shown = usual === Infinity ? 'no limit' : String(usual)
    const told = usual === undefined ? describe : `${describe} [default: ${shown}]`
    return [option, [name, { ...flagFor(name, kind), group, ...more, usual, describe: told }]]
  })
  return Object.fromEntries(flags) as FlagsOf<Options>
}

/** By their own names, as a command takes them. */
export function asFlags<Options>(flags: FlagsOf<Options>): Readonly<Record<string, CommandFlag>> {
  return Object.fromEntries(Object.values<Named>(flags))
}

/** The options whose flags were given; undefined where none was. */
export function optionsFromFlags<Options extends object>(
  flags: FlagsOf<Options>,
  args: object,
): Partial<Options> | undefined {
  const values = args as Readonly<Record<string, unknown>>
  const given = Object.entries<Named>(flags)
    .map(([option, [name]]) => [option, values[name]] as const)
    .filter(([, value]) => value !== undefined)
  // The values are what each flag's `coerce` has made of them.
  return given.length === 0 ? undefined : (Object.fromEntries(given) as Partial<Options>)
}

/** What a flag beside the library's options takes, and what the help says of it, or more. */
type OwnRow = readonly [kind: Kind, told: string | Omit<Told, 'name'>]

/** The flags that stand for no option of the library's, by their names. */
export function ownFlags<Name extends string>(
  group: string,
  rows: Readonly<Record<Name, OwnRow>>,
): Readonly<Record<Name, CommandFlag>> {
  const flags = Object.entries<OwnRow>(rows).map(([name, [kind, told]]) => {
    return [
      name,
      { ...flagFor(name, kind), group, ...(typeof told === 'string' ? { describe: told } : told) },
    ]
  })
  return Object.fromEntries(flags) as Readonly<Record<Name, CommandFlag>>
}

const needsValue = { type: 'string', requiresArg: true } as const

function flagFor(name: string, { type, least = 0, words = [], kinds = [] }: Kind): CommandFlag {
  switch (type) {
    case 'switch':
      return { type: 'string', kind: 'switch', words: ['true', 'false'], coerce: switchValue(name) }
    case 'count':
      return { ...needsValue, kind: 'number', coerce: countValue(name, least) }
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

/** A word, else a number where it looks like one, else of the first kind. */
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

/** A `coerce` for values, with commas between them or several times, that have a form of their own. */
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
