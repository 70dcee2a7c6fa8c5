/**
 * A `coerce` for a flag of type `number`, which yargs itself takes `abc` for as NaN. A wrong value is a wrong command line.
 */
export function wholeNumber(flag: string, least: number): (value: number | undefined) => number | undefined {
  return (value) => {
    if (value === undefined || (Number.isSafeInteger(value) && value >= least)) return value
    throw new Error(`Expected an integer from ${least} on for --${flag}, got ${value}.`)
  }
}
