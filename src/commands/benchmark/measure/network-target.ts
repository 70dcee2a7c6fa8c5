import {
  PredictorPool,
  runsPerWorker,
  sampleFeed,
  type Feeds,
  type TensorInfo,
} from '../../../inference/index.js'
import { PaddleError } from '../../../errors.js'
import { wording } from '../../../wording.js'
import { formatInFlags } from '../../flags/flag-errors.js'
import { optionsOf, type PoolSetting } from '../search/settings.js'
import { closedLoop } from './closed-loop.js'
import { batchedShape, checkBatch, sampleShapes, type Shapes } from './shapes.js'
import type { BenchmarkTarget, CommonOptions } from './benchmark-target.js'

/**
 * Measures the network alone, on made-up tensors: from `run()` to the result, including the round trip to the
 * worker.
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
        made = { batchSize, feeds: batchedFeeds(pool.inputs, samples, batchSize) }
      }
      return made.feeds
    }
    const run = (feeds: Feeds): Promise<unknown> => pool.run(feeds).catch(withSampleAdvice)
    return {
      get info() {
        return pool.info
      },
      shapes: samples,
      warmUp: async (batchSize, runs) => {
        const feeds = feedsOf(batchSize)
        for (let round = 0; round < runs; round += 1) {
          // One run per worker.
          await Promise.all(Array.from({ length: workers }, () => run(feeds)))
        }
      },
      load: async (batchSize, limit) => {
        const feeds = feedsOf(batchSize)
        const { latencies, elapsedMs } = await closedLoop(() => run(feeds), runsPerWorker * workers, limit)
        const runs = latencies.length
        return { throughput: (1000 * runs * batchSize) / elapsedMs, runs, latencies }
      },
      alone: async (batchSize, limit) => {
        const feeds = feedsOf(batchSize)
        return (await closedLoop(() => run(feeds), 1, limit)).latencies
      },
      [Symbol.asyncDispose]: () => pool.close(),
    }
  } catch (error) {
    await pool.close()
    throw error
  }
}

/** Adds advice to a failed run of made-up tensors. */
function withSampleAdvice(error: unknown): never {
  if (!(error instanceof PaddleError) || error.code !== 'RUN_FAILED') throw error
  throw error.with({
    advice: formatInFlags(
      wording`Its inputs were made up: set their shapes with ${{ flag: 'shape' }}, or measure with images, ${{ flag: 'img-path' }}. A network of the format of Paddle 3 that requires a LoD cannot be measured, because its program does not declare that.`,
    ),
  })
}

/**
 * Makes tensors for all inputs: floats from 0 to 1, the same in every call, and integers of 1.
 *
 * @throws PaddleError MODEL_UNSUITABLE for a batch size that the program does not support or too many elements,
 * DTYPE_UNSUPPORTED
 */
export function batchedFeeds(inputs: readonly TensorInfo[], samples: Shapes, batchSize: number): Feeds {
  checkBatch(inputs, batchSize)
  return Object.fromEntries(
    inputs.map((input) => {
      const shape = batchedShape(input, samples.get(input.name) ?? [], batchSize)
      return [input.name, sampleFeed(input, shape, batchSize)]
    }),
  )
}
