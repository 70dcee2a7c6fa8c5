import type { ConfigArgument } from '../../bridge/index.js'
import {
  anyText,
  boolean,
  count,
  dictionary,
  fraction as fractions,
  int,
  kindOf,
  list,
  text as texts,
  texts as lists,
  word,
  type Kind,
} from '../../options/index.js'
import type { Param } from './define-methods.js'
import { PrecisionType } from './precision.js'

/** Several names: a set, or an array whose duplicates are ignored. */
export type NameSet = readonly string[] | ReadonlySet<string>

/** Shapes by tensor name. */
export type ShapesByName = Readonly<Record<string, readonly number[]>>

const sets = kindOf(
  'an array or a Set of strings',
  (value): value is ReadonlySet<unknown> => value instanceof Set,
)

/** An array or a set of names. */
export const nameSets: Kind<NameSet> = {
  ...sets,
  type: 'list',
  is: (value) => sets.is(value) || lists.is(value),
  check: (name, value, all = sets.expected) =>
    lists.check(name, sets.is(value) ? [...(value as ReadonlySet<unknown>)] : value, all),
}

const dimensions: Kind<readonly number[]> = list(count(-1), 'an array of integers')

/** Shapes by name; -1 stands for any size. */
export const shapesByName: Kind<ShapesByName> = dictionary(dimensions, 'an object of shapes by name')

/** An argument of this kind. */
export function param<Value>(
  name: string,
  kind: Kind<Value>,
  fallback?: Value,
  encode: (value: Value) => ConfigArgument = (value) => value as ConfigArgument,
): Param<Value> {
  return { name, fallback, encode: (value) => encode(kind.check(name, value)) }
}

export function integer(name: string, least: number, fallback?: number): Param<number> {
  return param(name, int(least, least === -Infinity ? 'an integer' : undefined), fallback)
}

/** A size in bytes, which may exceed 32 bits. */
export function size(name: string, fallback?: number): Param<number> {
  return param(name, count(0), fallback)
}

export function fraction(name: string, fallback?: number): Param<number> {
  return param(name, fractions, fallback)
}

export function flag(name: string, fallback?: boolean): Param<boolean> {
  return param(name, boolean, fallback)
}

/** A non-empty string; may be empty if paddle's default is. */
export function text(name: string, fallback?: string): Param<string> {
  return param(name, fallback === '' ? anyText : texts, fallback)
}

export function precision(name: string, fallback?: PrecisionType): Param<PrecisionType> {
  return param(name, word(...Object.values(PrecisionType)), fallback, ($precision) => ({ $precision }))
}

export function names(name: string, fallback?: readonly string[]): Param<readonly string[]> {
  return param(name, lists, fallback)
}

export function nameSet(name: string, fallback?: NameSet): Param<NameSet> {
  return param(name, nameSets, fallback, (value) => ({ $set: [...value] }))
}

export function nameLists(
  name: string,
  fallback?: readonly (readonly string[])[],
): Param<readonly (readonly string[])[]> {
  return param(name, list(lists, 'an array of arrays of strings'), fallback)
}

export function integerLists(name: string): Param<readonly (readonly number[])[]> {
  return param(name, list(dimensions, 'an array of arrays of integers'))
}

export function shapes(name: string, fallback?: ShapesByName): Param<ShapesByName> {
  return param(name, shapesByName, fallback, ($dict) => ({ $dict }))
}

export function flags(
  name: string,
  fallback?: Readonly<Record<string, boolean>>,
): Param<Readonly<Record<string, boolean>>> {
  return param(name, dictionary(boolean, 'an object of booleans by name'), fallback, ($dict) => ({ $dict }))
}
