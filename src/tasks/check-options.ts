import { wrongType, wrongValue } from '../errors.js'

/** Throws unless the option is left out or a positive integer. */
export function checkPositiveInteger(name: string, value: unknown): void {
  if (value === undefined) return
  if (typeof value !== 'number') throw wrongType(name, 'a positive integer', value)
  if (!Number.isSafeInteger(value) || value < 1) throw wrongValue(name, 'a positive integer', value)
}

/** Throws unless the option is left out or a function. */
export function checkFunction(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function') throw wrongType(name, 'a function', value)
}

/** Throws unless the option is left out or a boolean. */
export function checkBoolean(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'boolean') throw wrongType(name, 'a boolean', value)
}
