import { setImmediate } from 'node:timers'
import { PaddleError, tensor } from '../../dist/index.js'

/** Number of concurrent runs. */
const lanes = 4
const timeoutMs = 2000
/** Error codes of runs that may fail. */
const givenUp = ['WORKER_DIED', 'TIMEOUT']

/**
 * Runs a network that adds, on batches of all sizes, aborts some runs and compares each result with the sum.
 */
export class SumLoad {
  answered = 0
  aborted = 0
  failed = 0
  problems = []
  #pool
  #random

  constructor(pool, random) {
    this.#pool = pool
    this.#random = random
  }

  async run(stop) {
    await Promise.all(Array.from({ length: lanes }, () => this.#lane(stop)))
  }

  async #lane(stop) {
    while (!stop.aborted) {
      const rows = 1 + Math.floor(this.#random() ** 3 * 20_000)
      const [a, b] = [Math.floor(this.#random() * 1000), Math.floor(this.#random() * 1000)]
      const controller = this.#random() < 0.02 ? new AbortController() : undefined
      const feeds = {
        x: tensor('float32', [rows, 3], new Float32Array(rows * 3).fill(a)),
        n: tensor('int64', [rows], new BigInt64Array(rows).fill(BigInt(b))),
      }
      const running = this.#pool.run(feeds, { timeoutMs, ...(controller && { signal: controller.signal }) })
      if (controller) setImmediate(() => controller.abort())
      await running.then(
        (outputs) => this.#check(Object.values(outputs), rows, a + b, 2 * b),
        (error) => this.#fail(error, controller !== undefined),
      )
    }
  }

  #check([sum, double], rows, wantedSum, wantedDouble) {
    this.answered += 1
    const right =
      sum.data.length === 3 * rows &&
      double.data.length === rows &&
      sum.data.every((value) => value === wantedSum) &&
      double.data.every((value) => value === BigInt(wantedDouble))
    if (!right)
      this.problems.push(
        `${rows} rows: ${sum.data[0]}, ${double.data[0]} instead of ${wantedSum}, ${wantedDouble}`,
      )
  }

  #fail(error, mayAbort) {
    if (!(error instanceof PaddleError)) throw error
    if (mayAbort && error.code === 'ABORTED') this.aborted += 1
    else if (givenUp.includes(error.code)) this.failed += 1
    else this.problems.push(`a run was rejected with ${error.code}: ${error.message}`)
  }
}
