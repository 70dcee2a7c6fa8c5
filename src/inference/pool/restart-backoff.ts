/**
 * How many workers in a row may end before they begin a run; each start after the first is delayed longer.
 */
const fruitlessStarts = 5
/** How many workers in a row may end during a run. */
const fruitlessRuns = 20
const shortestMs = 100
/** How long no worker starts after one of these limits is reached. */
const coolDownMs = 10_000

/** Decides when a slot restarts its worker, and when it stops trying. */
export class RestartBackoff {
  #starts = 0
  #runs = 0
  #coldUntil = -Infinity

  /** A run completed: earlier failures no longer count. */
  succeeded(): void {
    this.#starts = 0
    this.#runs = 0
  }

  /**
   * A worker has ended or failed to start.
   *
   * @param begun Whether the worker had begun a run, which may be the cause.
   * @param now In milliseconds.
   * @returns the delay before the next start, in milliseconds; undefined if no worker should start until a
   * run requests one
   */
  failed(begun: boolean, now: number): number | undefined {
    if (begun) this.#runs += 1
    else this.#starts += 1
    if (this.#starts >= fruitlessStarts || this.#runs >= fruitlessRuns) {
      this.#coldUntil = now + coolDownMs
      return undefined
    }
    return begun || this.#starts === 1 ? 0 : shortestMs * 2 ** (this.#starts - 2)
  }

  /** Whether a run may start another worker now. */
  mayTry(now: number): boolean {
    return now >= this.#coldUntil
  }

  /** How many workers in a row have ended without completing a run. */
  get ended(): number {
    return this.#starts + this.#runs
  }
}
