import { onTimeout } from '../../async/index.js'
import type { PaddleError } from '../../errors.js'
import type { ComputeListener } from './one-dnn-fallback.js'

interface ComputeClockParts {
  readonly timeoutMs: number | undefined
  /** Is called once, when a worker first begins to compute the run. */
  readonly onBegin: (() => void) | undefined
  /** Is called when the run exceeds `timeoutMs`. */
  readonly onTimeout: (error: PaddleError) => void
}

/** Whether a worker computes a run, and for how long; the time restarts on each worker that computes it. */
export class ComputeClock implements ComputeListener {
  readonly #parts: ComputeClockParts
  #hasBegun = false
  #isComputing = false
  #stopClock: () => void = () => undefined

  constructor(parts: ComputeClockParts) {
    this.#parts = parts
  }

  /** Whether a worker has begun to compute the run. */
  get hasBegun(): boolean {
    return this.#hasBegun
  }

  /** Whether a worker computes the run now; false while another worker starts for it. */
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
