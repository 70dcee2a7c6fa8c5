import { setImmediate as nextTurn } from 'node:timers/promises'
import { PaddleError } from '../errors.js'
import { normaliseInto, type RgbImage } from '../image/index.js'
import type { Outputs, PredictorPool } from '../inference/index.js'
import { isLost } from '../inference/pool/is-lost.js'
import { scoresOf, type ClassifierPorts } from './classifier-model.js'
import type { ClassifierPlan } from './classifier-plan.js'
import type { Decoded } from './image-decoder.js'
import { checkLabels } from './labels.js'
import type { Classification, ClassifierEvent, ClassifyOptions } from './options.js'
import { bestOf } from './top-k.js'

interface BatchRunnerParts {
  readonly model: string
  readonly plan: ClassifierPlan
  readonly pool: PredictorPool
  readonly ports: ClassifierPorts
  readonly emit: (event: ClassifierEvent) => void
}

/** An image that was decoded. */
type Picture = Decoded & { readonly pixels: RgbImage }

/** How long the steps of a batch took, in milliseconds. */
interface Times {
  writing: number
  written: number
}

/** Takes batches of decoded images through the network. */
export class BatchRunner {
  readonly #parts: BatchRunnerParts
  #lastRunEnded = 0

  constructor(parts: BatchRunnerParts) {
    this.#parts = parts
  }

  /** What became of the images, in their order. @throws PaddleError as `PredictorPool.run`, but for what one image did */
  async run(batch: readonly Decoded[], options: ClassifyOptions): Promise<Classification[]> {
    const pictures = batch.filter((decoded): decoded is Picture => decoded.pixels !== undefined)
    const times: Times = { writing: 0, written: 0 }
    const found = pictures.length === 0 ? [] : await this.#scores(pictures, options, times)
    const ran = performance.now()
    const results = this.#answers(batch, found, options)
    if (pictures.length === 0) return results
    // One worker computes this batch when it is done with the one before.
    const begun = this.#parts.pool.size === 1 ? Math.max(times.written, this.#lastRunEnded) : times.written
    this.#lastRunEnded = ran
    options.onBatch?.({
      images: pictures.length,
      preprocessMs: times.writing + batch.reduce((sum, { preprocessMs }) => sum + preprocessMs, 0),
      inferenceMs: ran - begun,
      postprocessMs: performance.now() - ran,
    })
    return results
  }

  /** The scores of each picture, or what became of it when it was run alone. */
  async #scores(
    pictures: readonly Picture[],
    options: ClassifyOptions,
    times: Times,
  ): Promise<(Float32Array | PaddleError)[]> {
    const { retries } = this.#parts.plan
    try {
      // An image alone is tried as often as one that was tried in a batch before.
      return await this.#together(pictures, pictures.length > 1 ? 0 : retriesAlone(retries), options, times)
    } catch (error) {
      if (!isLost(error)) throw error
      if (pictures.length === 1 || retries === 0)
        return pictures.map(({ image }) => this.#putAside(image, error))
      this.#parts.emit({ type: 'split', images: pictures.map(({ image }) => image), error })
      return Promise.all(pictures.map(async (picture) => this.#alone(picture, options, times)))
    }
  }

  async #alone(
    picture: Picture,
    options: ClassifyOptions,
    times: Times,
  ): Promise<Float32Array | PaddleError> {
    const retries = this.#parts.plan.retries - 1
    try {
      const [scores] = await this.#together([picture], retries, options, times)
      return scores ?? new Float32Array()
    } catch (error) {
      if (!isLost(error)) throw error
      return this.#putAside(picture.image, error)
    }
  }

  #putAside(image: Decoded['image'], cause: PaddleError): PaddleError {
    const name = typeof image === 'string' ? image : 'The image'
    const error = new PaddleError(
      'IMAGE_QUARANTINED',
      `${name} was put aside, for the worker that ran it did not answer. ${cause.message}`,
      { cause },
    )
    this.#parts.emit({ type: 'quarantine', image, error })
    return error
  }

  /** Runs the network on all of them at once. */
  async #together(
    pictures: readonly Picture[],
    retries: number,
    { timeoutMs }: ClassifyOptions,
    times: Times,
  ): Promise<Float32Array[]> {
    const { model, plan, pool, ports } = this.#parts
    const { width, height } = plan.size
    const write = async (data: Float32Array): Promise<void> => {
      for (const [index, { pixels }] of pictures.entries()) {
        // Between two images other work of the process gets its turn.
        if (index > 0) await nextTurn()
        const start = performance.now()
        normaliseInto(data, index * 3 * width * height, pixels, plan.preprocessing.normalise)
        times.written = performance.now()
        times.writing += times.written - start
      }
    }
    const feed = { dtype: 'float32' as const, shape: [pictures.length, 3, height, width], write }
    // The caller's signal is not handed on: paddle cannot be interrupted inside a run but by ending its process.
    const outputs: Outputs = await pool.run({ [ports.input]: feed }, { timeoutMs, retries })
    const scores = scoresOf(model, ports.output, outputs, pictures.length)
    checkLabels(model, plan.labels, scores[0]?.length ?? 0)
    return scores
  }

  /** Puts what was found to the images that were run, and the errors to the others, in the order of the batch. */
  #answers(
    batch: readonly Decoded[],
    found: readonly (Float32Array | PaddleError)[],
    { topK = this.#parts.plan.topK }: ClassifyOptions,
  ): Classification[] {
    const rows = found.values()
    return batch.map(({ image, error }) => {
      if (error) return { image, error }
      const { value = new Float32Array() } = rows.next()
      if (value instanceof PaddleError) return { image, error: value }
      return { image, topK: bestOf(value, topK, this.#parts.plan.labels.names) }
    })
  }
}

function retriesAlone(retries: number): number {
  return retries > 1 ? retries - 1 : retries
}
