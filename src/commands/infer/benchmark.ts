import type { BatchTiming } from '../../tasks/index.js'

/** Adds up how long batches took, and shows it. */
export class Benchmark {
  readonly #start = performance.now()
  readonly #batches: BatchTiming[] = []

  readonly add = (timing: BatchTiming): void => {
    this.#batches.push(timing)
  }

  /** A table of the times so far: of each step, summed over all images, and by the clock. */
  async describe(): Promise<string> {
    const { default: Table } = await import('cli-table3')
    const total = performance.now() - this.#start
    const images = this.#sum('images')
    const table = new Table({
      head: ['step', 'all images (ms)', 'per image (ms)'],
      colAligns: ['left', 'right', 'right'],
      style: { head: [], border: [] },
    })
    const row = (step: string, ms: number): void => {
      table.push([step, ms.toFixed(1), images > 0 ? (ms / images).toFixed(2) : '-'])
    }
    row('preprocess', this.#sum('preprocessMs'))
    row('inference', this.#sum('inferenceMs'))
    row('postprocess', this.#sum('postprocessMs'))
    row('total', total)
    const rate = total > 0 ? ((1000 * images) / total).toFixed(1) : '-'
    const count = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`
    const batches = count(this.#batches.length, 'batch', 'batches')
    return `${table.toString()}\n${count(images, 'image', 'images')} in ${batches}, ${rate} images/s; steps overlap.\n`
  }

  #sum(key: keyof BatchTiming): number {
    return this.#batches.reduce((sum, timing) => sum + timing[key], 0)
  }
}
