import type { BatchTiming } from '../../tasks/index.js'
import { counted } from '../../wording.js'

/** Sums and formats the durations of batches. */
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

  /** A table of the durations so far: the sum of each step over all images, and the wall-clock time. */
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
