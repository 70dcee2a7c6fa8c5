import { listenTo, onTimeout } from './waiting.js'

/** What ends a wait beside what is waited for. */
export interface Limits {
  readonly stop: AbortSignal | undefined
  readonly timeoutMs: number | undefined
}

interface Wait {
  readonly leaving: AbortController
  readonly startClock: () => () => void
  stopClock: () => void
}

/**
 * The waits of a worker's runs for what it has no part in: for room, and for feeds that are being written. Their time passes only while the
 * worker has nothing to do: waiting behind what it computes costs a run nothing.
 */
export class IdleWaits {
  readonly #waits = new Set<Wait>()
  #busy = 0

  /**
   * Waits until `begin` has brought something; not when `stop` fires, the worker stands idle for `timeoutMs` meanwhile, or {@link end} is called.
   *
   * @param what - begins the sentence of the error: `Writing the feeds`
   * @param begin - its promise has to reject with the signal's reason when that fires
   */
  async wait<T>(
    what: string,
    { stop, timeoutMs }: Limits,
    begin: (leave: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const leaving = new AbortController()
    const leave = (reason: unknown): void => {
      leaving.abort(reason)
    }
    const startClock = (): (() => void) => onTimeout(timeoutMs, what, leave)
    const wait = { leaving, startClock, stopClock: this.#busy === 0 ? startClock() : () => undefined }
    this.#waits.add(wait)
    let forget = (): void => undefined
    try {
      if (stop) {
        forget = listenTo(stop, () => {
          leave(stop.reason)
        })
      }
      return await begin(leaving.signal)
    } finally {
      this.#waits.delete(wait)
      wait.stopClock()
      forget()
    }
  }

  /** The worker has something to do. @returns what is to be called once when it has done it */
  busy(): () => void {
    this.#busy += 1
    if (this.#busy === 1) for (const wait of this.#waits) wait.stopClock()
    return () => {
      this.#busy -= 1
      if (this.#busy === 0) for (const wait of this.#waits) wait.stopClock = wait.startClock()
    }
  }

  /** Ends every wait. */
  end(reason: unknown): void {
    for (const { leaving } of this.#waits) leaving.abort(reason)
  }
}
