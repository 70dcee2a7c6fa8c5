/** The length of a measurement: a number of runs or of seconds. */
export type Limit = { readonly runs: number } | { readonly seconds: number }

export interface Load {
  /** Duration of each run in milliseconds, in the order in which they ended. */
  readonly latencies: readonly number[]
  /** From the start of the first run to the end of the last one. */
  readonly elapsedMs: number
}

/**
 * Returns a function that counts runs and reports whether another one may start; `lanes` runs may in any
 * case.
 */
export function runsUpTo(limit: Limit, lanes: number): () => boolean {
  const start = performance.now()
  let begun = 0
  return () => {
    const may =
      'runs' in limit ? begun < limit.runs : begun < lanes || performance.now() - start < 1000 * limit.seconds
    if (may) begun += 1
    return may
  }
}

/** Keeps `lanes` runs in progress: when one ends, the next one starts. */
export async function closedLoop(run: () => Promise<unknown>, lanes: number, limit: Limit): Promise<Load> {
  const latencies: number[] = []
  const mayBegin = runsUpTo(limit, lanes)
  const start = performance.now()
  let ended = false
  const oneLane = async (): Promise<void> => {
    while (!ended && mayBegin()) {
      const begun = performance.now()
      await run()
      latencies.push(performance.now() - begun)
    }
  }
  try {
    // If one run fails, no further run starts.
    await Promise.all(Array.from({ length: lanes }, oneLane))
  } finally {
    ended = true
  }
  return { latencies, elapsedMs: performance.now() - start }
}
