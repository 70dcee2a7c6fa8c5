import { wrongType, wrongValue } from '../errors.js'

/** What JSON can hold. */
type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }

/** What a network of one's own is called with: an object becomes keyword arguments, an array positional ones. */
export type ModelArgs = readonly Json[] | Readonly<Record<string, Json>>

/** @throws TypeError or RangeError for what JSON would drop or change. */
export function checkModelArgs(option: string, given: unknown): void {
  if (typeof given !== 'object' || given === null) {
    throw wrongType(option, 'an object or an array of arguments', given)
  }
  checkJson(option, given)
}

function checkJson(option: string, value: unknown): void {
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      checkJson(`${option}[${index}]`, item)
    })
  } else if (typeof value === 'object' && value !== null) {
    if (Object.prototype.toString.call(value) !== '[object Object]') throw wrongType(option, 'JSON', value)
    for (const [name, item] of Object.entries(value)) checkJson(`${option}.${name}`, item)
  } else if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw wrongValue(option, 'a finite number', value)
  } else if (value !== null && typeof value !== 'string' && typeof value !== 'boolean') {
    throw wrongType(option, 'JSON', value)
  }
}
