/** When enough was measured: after so many runs, or so many seconds. */
export type Limit = { readonly runs: number } | { readonly seconds: number }

export interface Load {
  /** How long each run took, in milliseconds, as they ended. */
  readonly latencies: readonly number[]
  /** From the first run's start to the last one's end. */
  readonly elapsedMs: number
}

/** Says whether another run may begin, and counts it; each of `lanes` gets one, however slow they are. */
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

/** Keeps `lanes` runs under way: when one ends, the next begins. */
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
    // When one fails, the others begin no more.
    await Promise.all(Array.from({ length: lanes }, oneLane))
  } finally {
    ended = true
  }
  return { latencies, elapsedMs: performance.now() - start }
}
