import { taskDefinition, type ImageResult, type TaskName } from '../../../tasks/index.js'
import { optionsOf, type PoolSetting } from '../search/settings.js'
import { closedLoop, runsUpTo } from './closed-loop.js'
import type { ImageCycle } from './image-cycle.js'
import type { BenchmarkTarget, CommonOptions } from './benchmark-target.js'

/** The task and the model to measure. */
interface MeasuredTask {
  readonly task: TaskName
  readonly model: string
  readonly options: CommonOptions
}

/**
 * Measures from files to results, including reading, decoding and resizing.
 *
 * @throws PaddleError as `TaskDefinition.open` and `OpenTask.ready`
 */
export async function openImageTarget(
  { task, model, options }: MeasuredTask,
  images: ImageCycle,
  setting: PoolSetting,
): Promise<BenchmarkTarget> {
  const { workers } = setting
  const definition = await taskDefinition(task)
  const opened = await definition.open(model, { ...options, ...optionsOf(setting) })
  try {
    await opened.ready()
  } catch (error) {
    await opened[Symbol.asyncDispose]()
    throw error
  }
  const { pool } = opened
  const answered = async (results: AsyncIterable<ImageResult>): Promise<number> => {
    let count = 0
    for await (const { image, error } of results) {
      // The setting causes the worker to die, not the image.
      if (error?.code === 'IMAGE_QUARANTINED') throw error.cause
      if (error) images.leaveOut(image, error)
      else count += 1
    }
    return count
  }
  return {
    get info() {
      return pool.info
    },
    warmUp: async (batchSize, runs) => {
      if (runs === 0) return
      await opened.warmUp?.(runs, { batchSize })
      if (batchSize > 1) await opened.warmUp?.(runs, { batchSize: 1 })
      // Also warm up reading and decoding; without blank images, real ones warm up the network too.
      const rounds = opened.warmUp ? 1 : runs
      for (let round = 0; round < rounds; round += 1) {
        await answered(opened.run(images.take(workers * batchSize), { batchSize }))
      }
    },
    load: async (batchSize, limit) => {
      const inImages = 'runs' in limit ? { runs: limit.runs * batchSize } : limit
      const start = performance.now()
      const mayBegin = runsUpTo(inImages, 2 * workers * batchSize)
      const count = await answered(opened.run(images.takeWhile(mayBegin), { batchSize }))
      const throughput = (1000 * count) / (performance.now() - start)
      return { throughput, runs: Math.ceil(count / batchSize), latencies: undefined }
    },
    alone: async (_, limit) => {
      const one = (): Promise<number> => answered(opened.run(images.take(1), { batchSize: 1 }))
      return (await closedLoop(one, 1, limit)).latencies
    },
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  }
}
