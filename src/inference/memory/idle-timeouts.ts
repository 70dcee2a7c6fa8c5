import { listenForAbort, onTimeout } from '../../async/index.js'
import type { PaddleError } from '../../errors.js'

/** A time that passes only while nothing is computed. */
export interface IdleTime {
  /** Begins the sentence of the error: `Writing the feeds`. */
  readonly what: string
  readonly timeoutMs: number | undefined
  /** Whether the times in between add up; otherwise it begins anew each time that something was computed. */
  readonly addsUp: boolean
  readonly onTimeout: (error: PaddleError) => void
}

interface Clock {
  readonly time: IdleTime
  leftMs: number | undefined
  startedAt: number
  stop: () => void
}

/** Clocks that stand still while there is something to do: what waits for something else meanwhile is not to blame. */
export class IdleClocks {
  readonly #clocks = new Set<Clock>()
  readonly #outer: IdleClocks | undefined
  #busy = 0

  /** @param outer - clocks that stand still whenever these do */
  constructor(outer?: IdleClocks) {
    this.#outer = outer
  }

  /** Starts a clock. @returns what takes it away */
  add(time: IdleTime): () => void {
    const clock: Clock = { time, leftMs: time.timeoutMs, startedAt: 0, stop: () => undefined }
    this.#clocks.add(clock)
    if (this.#busy === 0) start(clock)
    return () => {
      clock.stop()
      this.#clocks.delete(clock)
    }
  }

  /** There is something to do. @returns what is to be called once when it is done */
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
