import { wrongType, wrongValue } from '../../errors.js'
import { isPlainObject } from '../config/params.js'
import type { Param } from '../config/spec.js'

/** Throws a TypeError or RangeError for a value that the option cannot have. */
export type Check = (name: string, value: unknown) => void

/** A check for each option of an interface: none can be missing. */
export type Checks<Options> = { readonly [Name in keyof Options]-?: Check }

/** The check that an argument of a Config's method has. */
export function as(param: (name: string) => Param<unknown>): Check {
  return (name, value) => void param(name).encode(value)
}

/** A check for one of some words, or for what `other` takes. */
export function word(words: readonly string[], expected: string, other?: Check): Check {
  return (name, value) => {
    if (typeof value === 'string') {
      if (!words.includes(value)) throw wrongValue(name, expected, value)
    } else if (other) other(name, value)
    else throw wrongType(name, expected, value)
  }
}

/** A check for a switch, or for what `other` takes. */
export function switchOr(expected: string, other: Check): Check {
  return (name, value) => {
    if (typeof value === 'boolean') return
    if (typeof value === 'string' || value === null) throw wrongType(name, expected, value)
    other(name, value)
  }
}

/** A check for an object whose options these are; `required` must be there. */
export function objectOf<Options>(
  checks: Checks<Options>,
  expected = 'an object of options',
  required: readonly (keyof Options & string)[] = [],
): Check {
  const known = checks as Readonly<Record<string, Check>>
  return (name, value) => {
    if (!isPlainObject(value)) throw wrongType(name, expected, value)
    for (const [key, item] of Object.entries(value)) {
      const check = known[key]
      if (!check) {
        throw new TypeError(
          `Unknown option \`${name}.${key}\`. The options of \`${name}\` are ${Object.keys(checks).join(', ')}.`,
        )
      }
      if (item !== undefined) check(`${name}.${key}`, item)
    }
    for (const key of required) checks[key](`${name}.${key}`, value[key])
  }
}
