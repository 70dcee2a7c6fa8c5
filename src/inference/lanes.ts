import { Lane } from '../bridge/index.js'

/** Hands out lanes, first come, first served. */
export class Lanes {
  readonly all: readonly Lane[]
  readonly #free: Lane[]
  readonly #waiting: ((lane: Lane) => void)[] = []

  constructor(count: number) {
    const made: Lane[] = []
    try {
      while (made.length < count) made.push(new Lane(made.length))
    } catch (error) {
      for (const lane of made) lane.close()
      throw error
    }
    this.all = made
    this.#free = [...made]
  }

  /** A lane that is free now. The one used last comes first: its memory has grown already. */
  takeFree(): Lane | undefined {
    return this.#free.shift()
  }

  /** A lane as soon as one comes free. Leaves the queue when `stop` fires. */
  async wait(stop: AbortSignal | undefined): Promise<Lane> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(take), 1)
        reject(stop?.reason as Error)
      }
      const take = (lane: Lane): void => {
        stop?.removeEventListener('abort', leave)
        resolve(lane)
      }
      this.#waiting.push(take)
      stop?.addEventListener('abort', leave, { once: true })
    })
  }

  give(lane: Lane): void {
    const next = this.#waiting.shift()
    if (next) next(lane)
    else this.#free.unshift(lane)
  }

  close(): void {
    for (const lane of this.all) lane.close()
  }
}
