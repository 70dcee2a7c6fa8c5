import { ImageClassifier, type Classification } from '../../../tasks/index.js'
import { optionsOf, type PoolSetting } from '../search/settings.js'
import { closedLoop, runsUpTo } from './closed-loop.js'
import type { ImageCycle } from './image-cycle.js'
import type { BenchmarkTarget, CommonOptions } from './target.js'

/** How images are cut to the network's size. */
export interface ImageSizes {
  readonly resizeSize?: number | undefined
  readonly cropSize?: number | undefined
}

/**
 * The whole way, from files to answers: reading, decoding and resizing included.
 *
 * @throws PaddleError as `ImageClassifier.load`
 */
export async function openImageTarget(
  model: string,
  options: CommonOptions & ImageSizes,
  images: ImageCycle,
  setting: PoolSetting,
): Promise<BenchmarkTarget> {
  const { workers } = setting
  const classifier = await ImageClassifier.load(model, { ...options, ...optionsOf(setting) })
  const { pool } = classifier
  const answered = async (results: AsyncIterable<Classification>): Promise<number> => {
    let count = 0
    for await (const { image, error } of results) {
      // It is the setting that ends the worker, not the image.
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
      await classifier.warmUp(runs, { batchSize })
      if (batchSize > 1) await classifier.warmUp(runs, { batchSize: 1 })
      // The way there has its first time too.
      await answered(classifier.classify(images.take(workers * batchSize), { batchSize }))
    },
    load: async (batchSize, limit) => {
      const inImages = 'runs' in limit ? { runs: limit.runs * batchSize } : limit
      const start = performance.now()
      const mayBegin = runsUpTo(inImages, 2 * workers * batchSize)
      const count = await answered(classifier.classify(images.takeWhile(mayBegin), { batchSize }))
      const throughput = (1000 * count) / (performance.now() - start)
      return { throughput, runs: Math.ceil(count / batchSize), latencies: undefined }
    },
    alone: async (_, limit) => {
      const one = (): Promise<number> => answered(classifier.classify(images.take(1), { batchSize: 1 }))
      return (await closedLoop(one, 1, limit)).latencies
    },
    [Symbol.asyncDispose]: () => classifier.close(),
  }
}
