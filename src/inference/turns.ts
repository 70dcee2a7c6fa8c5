/** One run's place among those that were handed to the worker. */
export interface Turn {
  /** Whether the worker computes it now. */
  isFirst(): boolean
  /** It was answered: the next one's turn begins. */
  end(): void
}

/** The runs that were handed to a worker, which computes them one after the other. */
export class Turns {
  readonly #begin: (() => void)[] = []

  /** Queues a run; `begin` is called when its turn comes, at once if there is no other. */
  queue(begin: () => void): Turn {
    this.#begin.push(begin)
    if (this.#begin[0] === begin) begin()
    return {
      isFirst: () => this.#begin[0] === begin,
      end: () => {
        const index = this.#begin.indexOf(begin)
        this.#begin.splice(index, 1)
        if (index === 0) this.#begin[0]?.()
      },
    }
  }
}
