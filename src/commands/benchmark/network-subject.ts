import { PredictorPool, runsPerWorker, type Feeds } from '../../inference/index.js'
import { closedLoop } from './closed-loop.js'
import { sampleFeeds } from './made-feeds.js'
import { optionsOf, type PoolSetting } from './settings.js'
import { sampleShapes, type Shapes } from './shapes.js'
import type { CommonOptions, BenchmarkTarget } from './subject.js'

/**
 * The network alone, fed with made tensors: from `run()` to the answer, with the way to the worker and back.
 *
 * @throws PaddleError as `PredictorPool.create`, MODEL_UNSUITABLE
 */
export async function openNetworkTarget(
  model: string,
  options: CommonOptions,
  shapes: Shapes,
  setting: PoolSetting,
): Promise<BenchmarkTarget> {
  const { workers } = setting
  const pool = await PredictorPool.create({ ...options, ...optionsOf(setting), model })
  try {
    const samples = sampleShapes(pool.inputs, shapes)
    let made: { readonly batchSize: number; readonly feeds: Feeds } | undefined
    const feedsOf = (batchSize: number): Feeds => {
      if (made?.batchSize !== batchSize) {
        made = { batchSize, feeds: sampleFeeds(pool.inputs, samples, batchSize) }
      }
      return made.feeds
    }
    return {
      get info() {
        return pool.info
      },
      shapes: samples,
      warmUp: async (batchSize, runs) => {
        const feeds = feedsOf(batchSize)
        for (let run = 0; run < runs; run += 1) {
          // As many at once as there are workers: each gets one.
          await Promise.all(Array.from({ length: workers }, () => pool.run(feeds)))
        }
      },
      load: async (batchSize, limit) => {
        const feeds = feedsOf(batchSize)
        const { latencies, elapsedMs } = await closedLoop(
          () => pool.run(feeds),
          runsPerWorker * workers,
          limit,
        )
        const runs = latencies.length
        return { throughput: (1000 * runs * batchSize) / elapsedMs, runs, latencies }
      },
      alone: async (batchSize, limit) => {
        const feeds = feedsOf(batchSize)
        return (await closedLoop(() => pool.run(feeds), 1, limit)).latencies
      },
      [Symbol.asyncDispose]: () => pool.close(),
    }
  } catch (error) {
    await pool.close()
    throw error
  }
}
