export { randomFrom } from '../../scripts/soak/random.js'

/**
 * A seed for a randomised test: `PADDLE_TS_FAULT_SEED`, else a new one. It is printed, so that a failure can
 * be repeated.
 */
export function faultSeed(what: string): number {
  const given = process.env['PADDLE_TS_FAULT_SEED']
  const seed = given === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(given)
  process.stderr.write(`Faults of ${what}: PADDLE_TS_FAULT_SEED=${seed}\n`)
  return seed
}

/** An integer from 0 on, below `count`. */
export function pick(random: () => number, count: number): number {
  return Math.floor(random() * count)
}
