import type { PaddleError } from '../errors.js'
import { onTimeout } from '../async/index.js'

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
