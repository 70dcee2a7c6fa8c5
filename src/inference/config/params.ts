import type { ConfigArgument } from '../../bridge/index.js'
import { checkInteger, checkOneOf, wrongType, wrongValue } from '../../errors.js'
import { PrecisionType } from './precision.js'
import type { Param } from './spec.js'

/** Several names: a set, or an array in which none counts twice. */
export type NameSet = readonly string[] | ReadonlySet<string>

/** The dimensions of tensors, by name. */
export type ShapesByName = Readonly<Record<string, readonly number[]>>

/** The greatest integer that paddle's `int` takes. */
const INT_MAX = 2 ** 31 - 1

export function integer(name: string, least: number, fallback?: number): Param<number> {
  return {
    name,
    fallback,
    encode: (value) => {
      checkInteger(name, value, least, least === -Infinity ? 'an integer' : undefined)
      if (Math.abs(value as number) > INT_MAX) throw wrongValue(name, `an integer up to ${INT_MAX}`, value)
      return value as number
    },
  }
}

/** An integer that may be greater than what 32 bits hold: a size in bytes. */
export function size(name: string, fallback?: number): Param<number> {
  return {
    name,
    fallback,
    encode: (value) => {
      checkInteger(name, value, 0)
      return value as number
    },
  }
}

export function number(name: string, fallback?: number): Param<number> {
  return {
    name,
    fallback,
    encode: (value) => {
      if (typeof value !== 'number') throw wrongType(name, 'a number', value)
      if (!Number.isFinite(value)) throw wrongValue(name, 'a finite number', value)
      return value
    },
  }
}

export function fraction(name: string, fallback?: number): Param<number> {
  const expected = 'a number from 0 to 1'
  return {
    name,
    fallback,
    encode: (value) => {
      if (typeof value !== 'number') throw wrongType(name, expected, value)
      if (!(value >= 0 && value <= 1)) throw wrongValue(name, expected, value)
      return value
    },
  }
}

export function flag(name: string, fallback?: boolean): Param<boolean> {
  return {
    name,
    fallback,
    encode: (value) => {
      if (typeof value !== 'boolean') throw wrongType(name, 'a boolean', value)
      return value
    },
  }
}

/** A text that is not empty, unless that is paddle's default. */
export function text(name: string, fallback?: string): Param<string> {
  return { name, fallback, encode: (value) => checkText(name, 'a string', value, fallback === '') }
}

export function precision(name: string, fallback?: PrecisionType): Param<PrecisionType> {
  const values = Object.values(PrecisionType)
  const expected = `one of ${values.map((one) => `\`${one}\``).join(', ')}`
  const encode = (value: unknown): ConfigArgument => {
    checkOneOf(name, values, value, expected)
    return { $precision: value }
  }
  return { name, fallback, encode }
}

export function names(name: string, fallback?: readonly string[]): Param<readonly string[]> {
  return { name, fallback, encode: (value) => textsIn(name, 'an array of strings', value) }
}

export function nameSet(name: string, fallback?: NameSet): Param<NameSet> {
  const expected = 'an array or a Set of strings'
  return {
    name,
    fallback,
    encode: (value) => ({
      $set: textsIn(name, expected, value instanceof Set ? [...(value as Set<unknown>)] : value),
    }),
  }
}

export function nameLists(
  name: string,
  fallback?: readonly (readonly string[])[],
): Param<readonly (readonly string[])[]> {
  const expected = 'an array of arrays of strings'
  return {
    name,
    fallback,
    encode: (value) => arrayIn(name, expected, value).map((list) => textsIn(name, expected, list)),
  }
}

export function integerLists(name: string): Param<readonly (readonly number[])[]> {
  const expected = 'an array of arrays of integers'
  return {
    name,
    encode: (value) => arrayIn(name, expected, value).map((list) => integersIn(name, expected, list)),
  }
}

export function shapes(name: string, fallback?: ShapesByName): Param<ShapesByName> {
  const expected = 'an object of shapes by name'
  return { name, fallback, encode: (value) => dictionary(name, expected, value, integersIn) }
}

export function flags(
  name: string,
  fallback?: Readonly<Record<string, boolean>>,
): Param<Readonly<Record<string, boolean>>> {
  const expected = 'an object of booleans by name'
  return {
    name,
    fallback,
    encode: (value) => dictionary(name, expected, value, (key, _, item) => flag(key).encode(item)),
  }
}

function dictionary(
  name: string,
  expected: string,
  value: unknown,
  encode: (key: string, expected: string, item: unknown) => ConfigArgument,
): ConfigArgument {
  if (!isPlainObject(value)) throw wrongType(name, expected, value)
  return {
    $dict: Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        encode(`${name}.${key}`, 'an array of integers', item),
      ]),
    ),
  }
}

/** Whether this is an object of options, rather than an array, a set or another's. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  // Not by identity: an object may come from another realm.
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

function checkText(name: string, expected: string, value: unknown, mayBeEmpty = false): string {
  if (typeof value !== 'string') throw wrongType(name, expected, value)
  if ((value === '' && !mayBeEmpty) || value.includes('\0')) {
    throw wrongValue(name, 'a string that is not empty', value)
  }
  return value
}

function arrayIn(name: string, expected: string, value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw wrongType(name, expected, value)
  return value as readonly unknown[]
}

function textsIn(name: string, expected: string, value: unknown): readonly string[] {
  return arrayIn(name, expected, value).map((item, index) => checkText(`${name}[${index}]`, 'a string', item))
}

function integersIn(name: string, expected: string, value: unknown): readonly number[] {
  return arrayIn(name, expected, value).map((item, index) => {
    checkInteger(`${name}[${index}]`, item, -1, 'an integer from -1 on')
    return item as number
  })
}
