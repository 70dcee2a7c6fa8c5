/**
 * The seed and the number of tries of a fuzz test: `PADDLE_TS_FUZZ_SEED` and `PADDLE_TS_FUZZ_RUNS`, else a
 * new seed each time and as many tries as take a few seconds. The printed seed repeats a run.
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
  /** Number of tries: `quick` in a regular test run. */
  numRuns: (quick: number): number => runs ?? quick,
  /**
   * The parameters of `fc.assert`. Prints the seed first, so that a run that hangs or kills Node can be
   * repeated too.
   */
  parameters: (what: string, quick: number): { seed: number; numRuns: number } => {
    const numRuns = fuzzing.numRuns(quick)
    process.stderr.write(`Fuzzing ${what}: PADDLE_TS_FUZZ_SEED=${seed} PADDLE_TS_FUZZ_RUNS=${numRuns}\n`)
    return { seed, numRuns }
  },
}
