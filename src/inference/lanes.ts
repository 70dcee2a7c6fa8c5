import { Lane } from '../bridge/index.js'

/** Hands out lanes, first come, first served. */
export class Lanes {
  readonly all: readonly Lane[]
  readonly #free: Lane[]
  readonly #waiting: ((lane: Lane) => void)[] = []

  constructor(count: number) {
    this.all = Array.from({ length: count }, (_, index) => new Lane(index))
    this.#free = [...this.all]
  }

  /** A lane of one's own, as soon as there is one. Leaves the queue when `stop` fires. */
  async take(stop: AbortSignal): Promise<Lane> {
    const lane = this.#free.shift()
    if (lane) return lane
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(take), 1)
        reject(stop.reason as Error)
      }
      const take = (next: Lane): void => {
        stop.removeEventListener('abort', leave)
        resolve(next)
      }
      this.#waiting.push(take)
      stop.addEventListener('abort', leave, { once: true })
    })
  }

  give(lane: Lane): void {
    const next = this.#waiting.shift()
    if (next) next(lane)
    else this.#free.push(lane)
  }

  close(): void {
    for (const lane of this.all) lane.close()
  }
}
