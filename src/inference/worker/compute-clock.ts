import { onTimeout } from '../../async/index.js'
import type { PaddleError } from '../../errors.js'
import type { ComputeListener } from './one-dnn-fallback.js'

interface ComputeClockParts {
  readonly timeoutMs: number | undefined
  /** Is called once, when a worker begins to compute the run. */
  readonly onBegin: (() => void) | undefined
  /** Is called when it has taken too long. */
  readonly onTimeout: (error: PaddleError) => void
}

/** A run's turn at its worker: whether it has begun, and how long it takes; anew on each worker that tries it. */
export class ComputeClock implements ComputeListener {
  readonly #parts: ComputeClockParts
  #hasBegun = false
  #isComputing = false
  #stopClock: () => void = () => undefined

  constructor(parts: ComputeClockParts) {
    this.#parts = parts
  }

  /** Whether one computes it now; not while another worker is started for it. */
  get isComputing(): boolean {
    return this.#isComputing
  }

  readonly begin = (): void => {
    this.#isComputing = true
    this.#stopClock()
    this.#stopClock = onTimeout(this.#parts.timeoutMs, 'The run', this.#parts.onTimeout)
    if (this.#hasBegun) return
    this.#hasBegun = true
    this.#parts.onBegin?.()
  }

  readonly pause = (): void => {
    this.#isComputing = false
    this.#stopClock()
  }
}
