import { wrongType, wrongValue } from '../errors.js'

/** Throws unless every option is one of the known ones. */
export function checkNames(options: object, known: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue
    throw new TypeError(`Expected one of the options ${known.join(', ')}, got \`${name}\`.`)
  }
}

/** Throws unless the option is left out or a positive integer. */
export function checkPositiveInteger(name: string, value: unknown): void {
  if (value === undefined) return
  if (typeof value !== 'number') throw wrongType(name, 'a positive integer', value)
  if (!Number.isSafeInteger(value) || value < 1) throw wrongValue(name, 'a positive integer', value)
}
