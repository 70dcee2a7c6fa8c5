import { setImmediate as nextTurn } from 'node:timers/promises'

/** Multiplications after which other work of the process gets its turn: some milliseconds. */
const turn = 8_000_000

/** Work that is done in turns, so that it does not hold the event loop. */
export class EventLoopYielder {
  #done = 0

  /** Whether it is time to `pause`, now that so many multiplications more were done. */
  isDue(multiplications: number): boolean {
    this.#done += multiplications
    return this.#done >= turn
  }

  async pause(): Promise<void> {
    this.#done = 0
    await nextTurn()
  }
}
