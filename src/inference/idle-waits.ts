import type { IdleClocks } from './idle-clocks.js'
import { listenForAbort } from '../async/index.js'

/** What ends a wait beside what is waited for. */
export interface Limits {
  readonly stop: AbortSignal | undefined
  readonly timeoutMs: number | undefined
}

/** A wait for room; its time begins anew each time that others were computed. */
export const waitingForOthers = { what: 'Waiting for the feeds of other runs', addsUp: false }

/** The waits of a worker's runs for what it has no part in: for room, and for feeds that are being written. */
export class IdleWaits {
  readonly #clocks: IdleClocks
  readonly #waits = new Set<AbortController>()

  constructor(clocks: IdleClocks) {
    this.#clocks = clocks
  }

  /**
   * Waits until `begin` has brought something; not when `stop` fires, the worker stands idle for `timeoutMs` meanwhile, or {@link end} is called.
   *
   * @param what - begins the sentence of the error: `Writing the feeds`
   * @param addsUp - whether the times that the worker stands idle add up
   * @param begin - its promise has to reject with the signal's reason when that fires; what it is given beside it fires it
   */
  async wait<T>(
    { what, addsUp }: { readonly what: string; readonly addsUp: boolean },
    { stop, timeoutMs }: Limits,
    begin: (leave: AbortSignal, giveUp: (reason: unknown) => void) => Promise<T>,
  ): Promise<T> {
    const leaving = new AbortController()
    const leave = (reason: unknown): void => {
      leaving.abort(reason)
    }
    this.#waits.add(leaving)
    const removeClock = this.#clocks.add({ what, timeoutMs, addsUp, onTimeout: leave })
    let forget = (): void => undefined
    try {
      if (stop) {
        forget = listenForAbort(stop, () => {
          leave(stop.reason)
        })
      }
      return await begin(leaving.signal, leave)
    } finally {
      this.#waits.delete(leaving)
      removeClock()
      forget()
    }
  }

  /** Ends every wait. */
  end(reason: unknown): void {
    for (const leaving of this.#waits) leaving.abort(reason)
  }
}
