/** Workers that may end one after the other before they have begun a run; each start after the first waits longer. */
const fruitlessStarts = 5
/** Workers that may end one after the other in the midst of a run. */
const fruitlessRuns = 20
const shortestMs = 100
/** How long nothing is started after so many have ended. */
const coolDownMs = 10_000

/** Decides when a worker is started in the place of one that has ended, and when no more. */
export class RestartBackoff {
  #starts = 0
  #runs = 0
  #coldUntil = -Infinity

  /** A run was answered: what went wrong before is forgotten. */
  succeeded(): void {
    this.#starts = 0
    this.#runs = 0
  }

  /**
   * A worker has ended, or could not be started.
   *
   * @param begun Whether it had begun a run, which may have been its end.
   * @param now In milliseconds.
   * @returns how long to wait for the next one, in milliseconds; undefined: it is not to be started unasked
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

  /** Whether one more may be tried when somebody asks for it. */
  mayTry(now: number): boolean {
    return now >= this.#coldUntil
  }

  /** How many have ended without an answer. */
  get ended(): number {
    return this.#starts + this.#runs
  }
}
