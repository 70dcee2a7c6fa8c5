import { listenForAbort, onTimeout } from '../../async/index.js'
import type { PaddleError } from '../../errors.js'

/** A timeout that counts only while nothing is computed. */
export interface IdleTime {
  /** The subject of the error message: `Writing the feeds`. */
  readonly what: string
  readonly timeoutMs: number | undefined
  /** Whether idle times add up; otherwise the timeout restarts after each computation. */
  readonly addsUp: boolean
  readonly onTimeout: (error: PaddleError) => void
}

interface Clock {
  readonly time: IdleTime
  leftMs: number | undefined
  startedAt: number
  stop: () => void
}

/**
 * Timeouts that pause while the worker is busy: a run that waits for other work meanwhile should not time
 * out.
 */
export class IdleClocks {
  readonly #clocks = new Set<Clock>()
  readonly #outer: IdleClocks | undefined
  #busy = 0

  /** @param outer - clocks that pause whenever these do */
  constructor(outer?: IdleClocks) {
    this.#outer = outer
  }

  /** Starts a clock. @returns a function that removes it */
  add(time: IdleTime): () => void {
    const clock: Clock = { time, leftMs: time.timeoutMs, startedAt: 0, stop: () => undefined }
    this.#clocks.add(clock)
    if (this.#busy === 0) start(clock)
    return () => {
      clock.stop()
      this.#clocks.delete(clock)
    }
  }

  /** Pauses the clocks. @returns a function to call once when the work is done */
  busy(): () => void {
    this.#busy += 1
    if (this.#busy === 1) for (const clock of this.#clocks) pause(clock)
    const done = this.#outer?.busy()
    return () => {
      done?.()
      this.#busy -= 1
      if (this.#busy === 0) for (const clock of this.#clocks) start(clock)
    }
  }
}

function start(clock: Clock): void {
  const { what, timeoutMs, onTimeout: end } = clock.time
  clock.startedAt = performance.now()
  clock.stop = onTimeout(timeoutMs, what, end, { afterMs: clock.leftMs })
}

function pause(clock: Clock): void {
  clock.stop()
  if (clock.time.addsUp && clock.leftMs !== undefined) {
    clock.leftMs = Math.max(0, clock.leftMs - (performance.now() - clock.startedAt))
  }
}

/** What ends a wait early. */
export interface Limits {
  readonly stop: AbortSignal | undefined
  readonly timeoutMs: number | undefined
}

/** A wait for a lane; its timeout restarts whenever other runs were computed. */
export const waitingForOthers = { what: 'Waiting for the feeds of other runs', addsUp: false }

/** Waits that do not depend on the worker: for a lane, or for feeds that are being written. */
export class IdleWaits {
  readonly #clocks: IdleClocks
  readonly #waits = new Set<AbortController>()

  constructor(clocks: IdleClocks) {
    this.#clocks = clocks
  }

  /**
   * Waits for the promise of `begin`. Rejects if `stop` fires, if the worker stays idle for `timeoutMs`
   * meanwhile, or if {@link end} is called.
   *
   * @param what - the subject of the error message: `Writing the feeds`
   * @param addsUp - whether the idle times of the worker add up
   * @param begin - returns a promise that must reject with the reason of the signal when it fires; its second
   * argument fires the signal
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
    let stopListening = (): void => undefined
    try {
      if (stop) {
        stopListening = listenForAbort(stop, () => {
          leave(stop.reason)
        })
      }
      return await begin(leaving.signal, leave)
    } finally {
      this.#waits.delete(leaving)
      removeClock()
      stopListening()
    }
  }

  /** Ends every wait. */
  end(reason: unknown): void {
    for (const leaving of this.#waits) leaving.abort(reason)
  }
}
