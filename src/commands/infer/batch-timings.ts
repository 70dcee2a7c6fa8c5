import type { BatchTiming } from '../../tasks/index.js'
import { counted } from '../../wording.js'

/** Adds up how long batches took, and shows it. */
export class BatchTimings {
  readonly #start = performance.now()
  #batches = 0
  readonly #sums: Record<keyof BatchTiming, number> = {
    images: 0,
    preprocessMs: 0,
    inferenceMs: 0,
    postprocessMs: 0,
  }

  readonly add = (timing: BatchTiming): void => {
    this.#batches += 1
    for (const key of Object.keys(this.#sums) as (keyof BatchTiming)[]) this.#sums[key] += timing[key]
  }

  /** A table of the times so far: of each step, summed over all images, and by the clock. */
  async describe(): Promise<string> {
    const { default: Table } = await import('cli-table3')
    const total = performance.now() - this.#start
    const { images, preprocessMs, inferenceMs, postprocessMs } = this.#sums
    const table = new Table({
      head: ['step', 'all images (ms)', 'per image (ms)'],
      colAligns: ['left', 'right', 'right'],
      style: { head: [], border: [] },
    })
    const row = (step: string, ms: number): void => {
      table.push([step, ms.toFixed(1), images > 0 ? (ms / images).toFixed(2) : '-'])
    }
    row('preprocess', preprocessMs)
    row('inference', inferenceMs)
    row('postprocess', postprocessMs)
    row('total', total)
    const rate = total > 0 ? ((1000 * images) / total).toFixed(1) : '-'
    const batches = counted(this.#batches, 'batch', 'batches')
    return `${table.toString()}\n${counted(images, 'image')} in ${batches}, ${rate} images/s; steps overlap.\n`
  }
}
