import { wrongType, wrongValue } from '../errors.js'

/** The kind of an option's value. */
export interface Kind<Value = unknown> {
  /** How to write it on a command line; `other`: not at all, or in its own way. */
  readonly type: 'switch' | 'count' | 'fraction' | 'text' | 'path' | 'word' | 'list' | 'either' | 'other'
  /** A noun phrase for messages: `a positive integer`. */
  readonly expected: string
  /** Whether a value has the right type; `check` also validates the value. */
  readonly is: (value: unknown) => boolean
  /**
   * Returns the value, or throws a TypeError or RangeError if it is invalid. `name` is its path
   * (`tensorRt.dla`); `expected` replaces the description if several kinds are possible.
   */
  readonly check: (name: string, value: unknown, expected?: string) => Value
  /** The minimum of a count. */
  readonly least?: number
  /** The maximum of a count. @default Infinity */
  readonly most?: number
  /** The possible words. */
  readonly words?: readonly string[]
  /** The possible kinds of `either`. */
  readonly kinds?: readonly Kind[]
}

/** A kind with a type test and a test of the value. */
export function kindOf<Value>(
  expected: string,
  is: (value: unknown) => value is Value,
  fits: (value: Value) => boolean = () => true,
  written: Partial<Pick<Kind, 'type' | 'least' | 'most' | 'words'>> = {},
): Kind<Value> {
  const check: Kind<Value>['check'] = (name, value, all = expected) => {
    if (!is(value)) throw wrongType(name, all, value)
    if (!fits(value)) throw wrongValue(name, all, value)
    return value
  }
  return { type: 'other', expected, is, check, ...written }
}

const isNumber = (value: unknown): value is number => typeof value === 'number'
const isString = (value: unknown): value is string => typeof value === 'string'

/** A kind with a custom check. */
export function kindBy<Value>(check: (name: string, value: unknown) => Value): Kind<Value> {
  return { type: 'other', expected: 'anything', is: () => true, check }
}

/** Accepts anything: the value is checked elsewhere. */
export const anything = kindBy((_, value) => value as never)

export const boolean = kindOf('a boolean', (value) => typeof value === 'boolean', undefined, {
  type: 'switch',
})

/** What messages call an integer of at least `least` and at most `most`. */
export function integerFrom(least: number, most = Infinity): string {
  if (most < Infinity) return `an integer from ${least} to ${most}`
  if (least === 1) return 'a positive integer'
  return least === 0 ? 'a non-negative integer' : `an integer of at least ${least}`
}

/** An integer of at least `least`. */
export function count(least: number, expected = integerFrom(least)): Kind<number> {
  const fits = (value: number): boolean => Number.isSafeInteger(value) && value >= least
  return kindOf(expected, isNumber, fits, { type: 'count', least })
}

/** An integer from `least` to `most`. */
export function countUpTo(least: number, most: number): Kind<number> {
  const fits = (value: number): boolean => Number.isSafeInteger(value) && value >= least && value <= most
  return kindOf(integerFrom(least, most), isNumber, fits, { type: 'count', least, most })
}

/** A count, or Infinity for no limit. */
export function limit(least: number): Kind<number> {
  const { expected, check, ...counts } = count(least)
  return {
    ...counts,
    expected,
    check: (name, value, all) => (value === Infinity ? value : check(name, value, all)),
  }
}

/** The greatest value of paddle's `int`. */
const greatest = 2 ** 31 - 1

/** A count that fits paddle's `int`. */
export function int(least: number, expected?: string): Kind<number> {
  const { check, ...counts } = count(least, expected)
  return {
    ...counts,
    check: (name, value, all) => {
      const checked = check(name, value, all)
      if (Math.abs(checked) > greatest) throw wrongValue(name, `an integer up to ${greatest}`, checked)
      return checked
    },
  }
}

export const finite = kindOf('a finite number', isNumber, Number.isFinite)

/** A positive number; on a command line, an integer. */
export const amount = kindOf('a positive number', isNumber, (value) => value > 0, { type: 'count', least: 1 })

export const delay = kindOf('a non-negative number of milliseconds', isNumber, (value) => value >= 0)

export const fraction = kindOf('a number from 0 to 1', isNumber, (value) => value >= 0 && value <= 1, {
  type: 'fraction',
})

/** A string, possibly empty. */
export const anyText = kindOf('a string', isString)

/** A non-empty string. */
export const text = textOf('a string', 'text')

/** The path of a file or folder; its existence is checked later. */
export function path(expected = 'a string'): Kind<string> {
  return textOf(expected, 'path')
}

function textOf(expected: string, type: Kind['type']): Kind<string> {
  return {
    ...kindOf(expected, isString),
    type,
    check: (name, value, all = expected) => {
      if (!isString(value)) throw wrongType(name, all, value)
      if (value === '' || value.includes('\0')) throw wrongValue(name, 'a string that is not empty', value)
      return value
    },
  }
}

/** One of several words. */
export function word<const Word extends string>(
  ...words: readonly Word[]
): Kind<Word> & { readonly words: readonly Word[] } {
  const is = isString as (value: unknown) => value is Word
  const expected = oneOf(words.map((each) => `\`${each}\``))
  return { ...kindOf(expected, is, (value) => words.includes(value)), type: 'word', words }
}

/** An array of values of one kind. */
export function list<Value>(of: Kind<Value>, expected: string): Kind<readonly Value[]> {
  const lists = kindOf<readonly unknown[]>(expected, Array.isArray)
  return {
    ...lists,
    type: of.type === 'text' ? 'list' : 'other',
    check: (name, value, all) =>
      lists.check(name, value, all).map((item, index) => of.check(`${name}[${index}]`, item)),
  }
}

export const texts = list(text, 'an array of strings')

/** An object from names to values of one kind. */
export function dictionary<Value>(of: Kind<Value>, expected: string): Kind<Readonly<Record<string, Value>>> {
  const objects = kindOf(expected, isPlainObject)
  return {
    ...objects,
    check: (name, value, all) =>
      Object.fromEntries(
        Object.entries(objects.check(name, value, all)).map(([key, item]) => [
          key,
          of.check(`${name}.${key}`, item),
        ]),
      ),
  }
}

/** The first of these kinds whose type matches. */
export function either<Kinds extends readonly Kind[]>(
  ...kinds: Kinds
): Kind<ReturnType<Kinds[number]['check']>> {
  const expected = oneOf(kinds.map((each) => each.expected))
  return {
    type: 'either',
    expected,
    kinds,
    words: kinds.flatMap(({ words = [] }) => words),
    is: (value) => kinds.some(({ is }) => is(value)),
    check: (name, value, all = expected) => {
      const kind = kinds.find(({ is }) => is(value))
      if (!kind) throw wrongType(name, all, value)
      return kind.check(name, value, all) as ReturnType<Kinds[number]['check']>
    },
  }
}

/** A function; its signature is not checked. */
export function callback<Callback>(): Kind<Callback> {
  return kindOf('a function', (value): value is Callback => typeof value === 'function')
}

/** Accepts signals of any realm and implementation. */
export const abortSignal = kindOf(
  'an AbortSignal',
  (value): value is AbortSignal =>
    typeof value === 'object' && value !== null && 'aborted' in value && 'addEventListener' in value,
)

/** Whether the value is a plain object, not an array, a set or an instance of a class. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  // Not by identity: the object may come from another realm.
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/** `a`, `a or b`, `a, b or c`. */
function oneOf(all: readonly string[]): string {
  return [all.slice(0, -1).join(', '), ...all.slice(-1)].filter((part) => part !== '').join(' or ')
}
