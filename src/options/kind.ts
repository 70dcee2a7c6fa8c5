import { wrongType, wrongValue } from '../errors.js'

/** What an option can be. */
export interface Kind<Value = unknown> {
  /** How it is written on a command line; `other`: not at all, or in a way of its own. */
  readonly type: 'switch' | 'count' | 'fraction' | 'text' | 'path' | 'word' | 'list' | 'either' | 'other'
  /** In a sentence: `a positive integer`. */
  readonly expected: string
  /** Whether a value is of the right type; whether it can be used is `check`'s to say. */
  readonly is: (value: unknown) => boolean
  /**
   * Returns the value; throws a TypeError or RangeError for one that it cannot be. `name` is its path (`tensorRt.dla`), `expected` what is
   * expected there where this kind is only one of those that are possible.
   */
  readonly check: (name: string, value: unknown, expected?: string) => Value
  /** Of a count: the least one. */
  readonly least?: number
  /** The words that it can be. */
  readonly words?: readonly string[]
  /** Of `either`: the kinds that it can be of. */
  readonly kinds?: readonly Kind[]
}

/** A kind of values that are of a type, and fit. */
export function kindOf<Value>(
  expected: string,
  is: (value: unknown) => value is Value,
  fits: (value: Value) => boolean = () => true,
  written: Partial<Pick<Kind, 'type' | 'least' | 'words'>> = {},
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

/** A kind that has a check of its own. */
export function kindBy<Value>(check: (name: string, value: unknown) => Value): Kind<Value> {
  return { type: 'other', expected: 'anything', is: () => true, check }
}

/** For what is checked elsewhere. */
export const anything = kindBy((_, value) => value as never)

export const boolean = kindOf('a boolean', (value) => typeof value === 'boolean', undefined, {
  type: 'switch',
})

/** An integer from `least` on. */
export function count(
  least: number,
  expected = least > 0 ? 'a positive integer' : 'a non-negative integer',
): Kind<number> {
  const fits = (value: number): boolean => Number.isSafeInteger(value) && value >= least
  return kindOf(expected, isNumber, fits, { type: 'count', least })
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

/** The greatest integer that paddle's `int` takes. */
const greatest = 2 ** 31 - 1

/** A count that paddle takes as an `int`. */
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

/** More than nothing; on a command line, whole. */
export const amount = kindOf('a positive number', isNumber, (value) => value > 0, { type: 'count', least: 1 })

export const delay = kindOf('a number of milliseconds from 0 on', isNumber, (value) => value >= 0)

export const fraction = kindOf('a number from 0 to 1', isNumber, (value) => value >= 0 && value <= 1, {
  type: 'fraction',
})

/** A text that may be empty. */
export const anyText = kindOf('a string', isString)

/** A text that is not empty. */
export const text = textOf('a string', 'text')

/** The path of a file or a folder; whether something lies there is seen later. */
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

/** One of some words. */
export function word<const Word extends string>(
  ...words: readonly Word[]
): Kind<Word> & { readonly words: readonly Word[] } {
  const is = isString as (value: unknown) => value is Word
  const expected = oneOf(words.map((each) => `\`${each}\``))
  return { ...kindOf(expected, is, (value) => words.includes(value)), type: 'word', words }
}

/** Several, of one kind. */
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

/** Values of one kind, by names. */
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

/** Of the first of these kinds that has values of its type. */
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

/** A function; what it takes and gives is the type's to say. */
export function callback<Callback>(): Kind<Callback> {
  return kindOf('a function', (value): value is Callback => typeof value === 'function')
}

/** Of any realm, and of any maker. */
export const abortSignal = kindOf(
  'an AbortSignal',
  (value): value is AbortSignal =>
    typeof value === 'object' && value !== null && 'aborted' in value && 'addEventListener' in value,
)

/** Whether this is an object of options, rather than an array, a set or another's. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  // Not by identity: an object may come from another realm.
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/** `a`, `a or b`, `a, b or c`. */
function oneOf(all: readonly string[]): string {
  return [all.slice(0, -1).join(', '), ...all.slice(-1)].filter((part) => part !== '').join(' or ')
}
