import { didYouMean } from './did-you-mean.js'

/**
 * A `coerce` for a switch that takes a value, as the tutorial's `str2bool` does: `True`, `t` and `1` are true. yargs' own
 * booleans would take `--use-gpu=True` for false. The flag alone is true; what is neither is a wrong command line.
 */
export function switchValue(flag: string): (given: unknown) => boolean {
  return (given) => {
    const value = lastOf(given)
    if (typeof value === 'boolean') return value
    const text = String(value).toLowerCase()
    if (['', 'true', 't', '1'].includes(text)) return true
    if (['false', 'f', '0'].includes(text)) return false
    throw new Error(`Expected true or false for --${flag}, got ${String(value)}.`)
  }
}

/** A `coerce` for a whole number, from `least` on. */
export function countValue(flag: string, least: number): (given: unknown) => number {
  return (given) => {
    const value = lastOf(given)
    const number = typeof value === 'string' && !/^\d+$/.test(value) ? NaN : Number(value)
    if (Number.isSafeInteger(number) && number >= least) return number
    throw new Error(`Expected an integer from ${least} on for --${flag}, got ${shown(value)}.`)
  }
}

/** A `coerce` for a number from 0 to 1. */
export function fractionValue(flag: string): (given: unknown) => number {
  return (given) => {
    const value = lastOf(given)
    const number =
      typeof value === 'string' && /^(\d+\.?\d*|\.\d+)(e-?\d+)?$/i.test(value) ? Number(value) : NaN
    if (number >= 0 && number <= 1) return number
    throw new Error(`Expected a number from 0 to 1 for --${flag}, got ${shown(value)}.`)
  }
}

/** A `coerce` for a text that must not be empty. */
export function textValue(flag: string): (given: unknown) => string {
  return (given) => {
    const value = lastOf(given)
    if (typeof value === 'string' && value !== '') return value
    throw new Error(`Expected a value for --${flag}.`)
  }
}

/** A `coerce` for names with commas between them. Of a flag that is given twice, both count. */
export function listValue(flag: string): (given: unknown) => string[] {
  return (given) =>
    [given].flat().flatMap((value) => {
      const names = String(value)
        .split(',')
        .map((name) => name.trim())
      if (!names.includes('')) return names
      throw new Error(`Expected names with commas between them for --${flag}, got ${shown(value)}.`)
    })
}

/** A `coerce` for one of some words. */
export function wordValue<Word extends string>(
  flag: string,
  words: readonly Word[],
): (given: unknown) => Word {
  return (given) => {
    const value = lastOf(given)
    const word = words.find((one) => one === value)
    if (word !== undefined) return word
    const got = shown(value)
    throw new Error(`Expected one of ${words.join(', ')} for --${flag}, got ${got}.${didYouMean(got, words)}`)
  }
}

/** Of a flag that is given twice, the last one counts. */
export function lastOf(given: unknown): unknown {
  return Array.isArray(given) ? (given as unknown[]).at(-1) : given
}

/** A value in a message. */
export function shown(value: unknown): string {
  return String(value) || 'an empty value'
}
