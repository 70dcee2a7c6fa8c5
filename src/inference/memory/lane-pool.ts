import { listenForAbort } from '../../async/index.js'
import { Lane } from '../../bridge/index.js'

/** Hands out lanes, first come, first served. */
export class LanePool {
  readonly #all: Lane[]
  readonly #free: Lane[]
  readonly #waiting: ((lane: Lane) => void)[] = []
  readonly #onReturn: () => void
  /** Those that only writers of runs that were given up still write to. */
  readonly #abandoned = new Set<Lane>()
  #closed = false

  /**
   * @param onReturn - is called when a lane that was abandoned is free again
   * @param given - lanes that there are already, the first ones
   */
  constructor(count: number, onReturn: () => void = () => undefined, given: readonly Lane[] = []) {
    this.#onReturn = onReturn
    const made = [...given]
    try {
      while (made.length < count) made.push(new Lane(made.length))
    } catch (error) {
      for (const lane of made) lane.close()
      throw error
    }
    this.#all = made
    this.#free = [...made]
  }

  /** By their numbers. */
  get all(): readonly Lane[] {
    return this.#all
  }

  /** How many are left to writers of runs that were given up. */
  get abandoned(): number {
    return this.#abandoned.size
  }

  /** A lane that is free now. The one used last comes first: its memory has grown already. */
  takeFree(): Lane | undefined {
    return this.#free.shift()
  }

  /** A lane as soon as one comes free; rejects with the signal's reason when that fires first. */
  async wait(leave: AbortSignal): Promise<Lane> {
    leave.throwIfAborted()
    return new Promise((resolve, reject) => {
      const forget = listenForAbort(leave, () => {
        this.#waiting.splice(this.#waiting.indexOf(take), 1)
        reject(leave.reason as Error)
      })
      const take = (lane: Lane): void => {
        forget()
        resolve(lane)
      }
      this.#waiting.push(take)
    })
  }

  release(lane: Lane): void {
    const next = this.#waiting.shift()
    if (next) next(lane)
    else if (this.#closed) lane.close()
    else this.#free.unshift(lane)
  }

  /** Gives back the lane of a run that was given up, as soon as what still writes into it has ended. */
  abandon(lane: Lane, writing: readonly Promise<void>[]): void {
    if (writing.length === 0) {
      this.release(lane)
      return
    }
    if (this.#closed) lane.close()
    this.#abandoned.add(lane)
    void Promise.allSettled(writing).then(() => {
      if (!this.#abandoned.delete(lane)) return
      this.release(lane)
      this.#onReturn()
    })
  }

  /**
   * Puts others in the place of abandoned ones, before a worker maps them: writers that never end then keep none of them.
   *
   * @throws PaddleError SHARED_MEMORY_FAILED
   */
  replaceAbandoned(): void {
    for (const lane of this.#abandoned) {
      const successor = new Lane(lane.index)
      lane.close()
      this.#abandoned.delete(lane)
      this.#all[lane.index] = successor
      this.release(successor)
    }
  }

  /** Closes the lanes: one whose run is under way when that has its outputs, and is not kept by writers, which may never end. */
  close(): void {
    this.#closed = true
    for (const lane of [...this.#free.splice(0), ...this.#abandoned]) lane.close()
  }
}
