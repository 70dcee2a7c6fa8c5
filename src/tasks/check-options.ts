import { checkInteger, wrongType } from '../errors.js'

/** Throws unless the option is left out or a positive integer. */
export function checkPositiveInteger(name: string, value: unknown): void {
  if (value !== undefined) checkInteger(name, value, 1)
}

/** Throws unless the option is left out or a function. */
export function checkFunction(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function') throw wrongType(name, 'a function', value)
}

/** Throws unless the option is left out or a boolean. */
export function checkBoolean(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'boolean') throw wrongType(name, 'a boolean', value)
}
