import { listenForAbort } from '../../async/index.js'
import { Lane } from '../../bridge/index.js'

/** Hands out lanes in the order of the requests. */
export class LanePool {
  readonly #all: Lane[]
  readonly #free: Lane[]
  readonly #waiting: ((lane: Lane) => void)[] = []
  readonly #onReturn: () => void
  /** Lanes of abandoned runs whose feeds are still being written. */
  readonly #abandoned = new Set<Lane>()
  #closed = false

  /**
   * @param onReturn - is called when an abandoned lane is free again
   * @param given - existing lanes, which come first
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

  /** By index. */
  get all(): readonly Lane[] {
    return this.#all
  }

  /** The number of lanes held by the writes of abandoned runs. */
  get abandoned(): number {
    return this.#abandoned.size
  }

  /** Takes a free lane. The last used one comes first, because its memory has already grown. */
  takeFree(): Lane | undefined {
    return this.#free.shift()
  }

  /** Waits for a free lane; rejects with the reason of the signal if that fires first. */
  async wait(leave: AbortSignal): Promise<Lane> {
    leave.throwIfAborted()
    return new Promise((resolve, reject) => {
      const stopListening = listenForAbort(leave, () => {
        this.#waiting.splice(this.#waiting.indexOf(take), 1)
        reject(leave.reason as Error)
      })
      const take = (lane: Lane): void => {
        stopListening()
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

  /** Releases the lane of an abandoned run as soon as its pending writes have settled. */
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
   * Replaces abandoned lanes before a worker maps them, so that writes that never end hold no lane.
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

  /**
   * Closes the lanes. A lane in use closes when its run has its outputs; an abandoned lane closes at once,
   * because its writes may never end.
   */
  close(): void {
    this.#closed = true
    for (const lane of [...this.#free.splice(0), ...this.#abandoned]) lane.close()
  }
}
