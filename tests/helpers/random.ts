/** A seed for a test that chooses at random: `PADDLE_TS_FAULT_SEED`, else a new one. It is printed, so that a failure can be repeated. */
export function faultSeed(what: string): number {
  const given = process.env['PADDLE_TS_FAULT_SEED']
  const seed = given === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(given)
  process.stderr.write(`Faults of ${what}: PADDLE_TS_FAULT_SEED=${seed}\n`)
  return seed
}

/** Numbers from 0 up to 1, the same for the same seed (mulberry32, a generator of Tommy Ettinger's in the public domain). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** An integer from 0 on, below `count`. */
export function pick(random: () => number, count: number): number {
  return Math.floor(random() * count)
}
