/**
 * The seed and the number of tries of what is fuzzed: `PADDLE_TS_FUZZ_SEED` and `PADDLE_TS_FUZZ_RUNS`, else a new seed each time and so
 * many tries as a test takes a few seconds for. A run is repeated with the seed that it has printed.
 */

function numberFrom(variable: string, least: number): number | undefined {
  const text = process.env[variable]
  if (text === undefined || text === '') return undefined
  const number = Number(text)
  if (!Number.isSafeInteger(number) || number < least) {
    throw new RangeError(`Expected an integer from ${least} on for ${variable}, got \`${text}\`.`)
  }
  return number
}

const seed = numberFrom('PADDLE_TS_FUZZ_SEED', 0) ?? Math.floor(Math.random() * 2 ** 31)
const runs = numberFrom('PADDLE_TS_FUZZ_RUNS', 1)

export const fuzzing = {
  seed,
  /** How many tries: `quick` in an ordinary run of the tests. */
  numRuns: (quick: number): number => runs ?? quick,
  /** What `fc.assert` takes. Says with which seed it starts, so that a run that hangs or kills Node can be repeated too. */
  parameters: (what: string, quick: number): { seed: number; numRuns: number } => {
    const numRuns = fuzzing.numRuns(quick)
    process.stderr.write(`Fuzzing ${what}: PADDLE_TS_FUZZ_SEED=${seed} PADDLE_TS_FUZZ_RUNS=${numRuns}\n`)
    return { seed, numRuns }
  },
}
