import { availableParallelism } from 'node:os'
import { abortedBy, PaddleError, wrongType } from '../errors.js'
import { normaliseInto, readPixels, type ImageSource, type RgbImage } from '../image/index.js'
import { pickPredictorOptions, PredictorPool } from '../inference/index.js'
import { checkWait } from '../inference/waiting.js'
import { inBatches } from './batches.js'
import { checkFunction, checkPositiveInteger } from './check-options.js'
import { classifierPorts, scoresOf, type ClassifierPorts } from './classifier-model.js'
import { planClassifier, type ClassifierPlan } from './classifier-plan.js'
import { checkLabels } from './labels.js'
import { mapAhead } from './map-ahead.js'
import type { Classification, ClassifierOptions, ClassifyOptions } from './options.js'
import { bestOf } from './top-k.js'

/** Images in, classes out: what {@link ImageClassifier.classify} takes. */
export type ImageSources = ImageSource | Iterable<ImageSource> | AsyncIterable<ImageSource>

/** For each worker: one batch computes while the next one is written. */
const batchesPerWorker = 2

/** Images that are decoded at once: libvips' threads stay busy, and memory stays flat. */
const imagesAhead = availableParallelism() + 1

const known = ['topK', 'batchSize', 'signal', 'timeoutMs', 'onProgress', 'onBatch']

interface Decoded {
  readonly image: ImageSource
  readonly preprocessMs: number
  readonly pixels?: RgbImage
  readonly error?: PaddleError
}

/**
 * An image classifier: a network whose input is a float32 [N,3,H,W] and whose output is a float32 [N,classes].
 *
 * @example
 * await using classifier = await ImageClassifier.load('model')
 * for await (const { image, topK, error } of classifier.classify(paths, { topK: 5, batchSize: 8 })) {
 *   console.log(image, topK ?? error.message)
 * }
 */
export class ImageClassifier implements AsyncDisposable {
  readonly #model: string
  readonly #pool: PredictorPool
  readonly #ports: ClassifierPorts
  readonly #plan: ClassifierPlan
  readonly #options: ClassifierOptions
  #lastRunEnded = 0

  private constructor(model: string, pool: PredictorPool, plan: ClassifierPlan, options: ClassifierOptions) {
    this.#model = model
    this.#pool = pool
    this.#plan = plan
    this.#options = options
    this.#ports = classifierPorts(model, pool)
    const { classes } = this.#ports
    if (classes !== undefined) checkLabels(model, plan.labels, classes)
  }

  /**
   * Loads a model, in one or several Python processes.
   *
   * @param model - a model folder, a prefix (`model/inference`) or the program's file
   * @throws PaddleError as `createPredictor`, MODEL_CONFIG_INVALID, MODEL_UNSUITABLE, LABELS_INVALID; TypeError or RangeError for
   * wrong options. Nothing is left running then.
   */
  static async load(model: string, options: ClassifierOptions = {}): Promise<ImageClassifier> {
    const plan = await planClassifier(model, options)
    const { workers = 1 } = options
    const pool = await PredictorPool.create({ ...pickPredictorOptions(options), model, workers })
    try {
      return new ImageClassifier(model, pool, plan, options)
    } catch (error) {
      await pool.close()
      throw error
    }
  }

  /** The workers that do the work. */
  get pool(): PredictorPool {
    return this.#pool
  }

  /**
   * Classifies images and yields what became of each in the order in which they were given; an image that cannot be read
   * has an `error`, and the others go on. Images are taken from an iterator as they are needed, and never gathered.
   *
   * Of leaving the loop early nothing remains but the classifier.
   *
   * @throws PaddleError ABORTED, and what `Predictor.run` throws; TypeError or RangeError for wrong options
   */
  async *classify(
    images: ImageSources,
    options: ClassifyOptions = {},
  ): AsyncGenerator<Classification, void, undefined> {
    checkWait(options, known, 'Classifying')
    checkPositiveInteger('topK', options.topK)
    checkPositiveInteger('batchSize', options.batchSize)
    checkFunction('onProgress', options.onProgress)
    checkFunction('onBatch', options.onBatch)
    const { batchSize = 1, signal, onProgress } = options
    const sources = sourcesIn(images)
    const total = Array.isArray(sources) ? { total: sources.length } : {}
    const leaving = new AbortController()
    const onAbort = (): void => {
      if (signal) leaving.abort(abortedBy(signal, 'Classifying'))
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    const decoded = mapAhead(sources, imagesAhead, (image) => this.#decode(image), leaving.signal)
    try {
      const batches = inBatches(decoded, batchSize, ({ pixels }) => pixels !== undefined)
      let done = 0
      for await (const batch of mapAhead(
        batches,
        batchesPerWorker * this.#pool.size,
        (b) => this.#run(b, options),
        leaving.signal,
      )) {
        for (const result of batch) {
          done += 1
          onProgress?.({ step: 'Classifying images', done, ...total })
          yield result
        }
      }
    } finally {
      signal?.removeEventListener('abort', onAbort)
      leaving.abort()
      await decoded.return()
    }
  }

  /**
   * Runs the network of each worker `runs` times on blank images, so that the first real one does not pay for what happens only once.
   */
  async warmUp(
    runs: number,
    { batchSize = 1, ...wait }: Pick<ClassifyOptions, 'batchSize' | 'signal' | 'timeoutMs'> = {},
  ): Promise<void> {
    checkPositiveInteger('runs', runs)
    checkPositiveInteger('batchSize', batchSize)
    const { width, height } = this.#plan.size
    const shape = [batchSize, 3, height, width]
    const blank = (data: Float32Array): void => void data.fill(0)
    const feeds = { [this.#ports.input]: { dtype: 'float32' as const, shape, write: blank } }
    for (let run = 0; run < runs; run += 1) {
      // As many at once as there are workers: each gets one.
      await Promise.all(Array.from({ length: this.#pool.size }, () => this.#pool.run(feeds, wait)))
    }
  }

  async #decode(image: ImageSource): Promise<Decoded> {
    const start = performance.now()
    try {
      const { autoOrient, maxPixels } = this.#options
      const pixels = await readPixels(image, this.#plan.preprocessing, {
        ...(autoOrient !== undefined && { autoOrient }),
        ...(maxPixels !== undefined && { maxPixels }),
      })
      return { image, pixels, preprocessMs: performance.now() - start }
    } catch (error) {
      if (!(error instanceof PaddleError)) throw error
      return { image, error, preprocessMs: performance.now() - start }
    }
  }

  async #run(batch: readonly Decoded[], options: ClassifyOptions): Promise<Classification[]> {
    const pictures = batch.flatMap(({ pixels }) => pixels ?? [])
    if (pictures.length === 0) return withScores(batch, [], () => [])
    const { input, output } = this.#ports
    const { width, height } = this.#plan.size
    let writing = 0
    let written = 0
    const write = (data: Float32Array): void => {
      const start = performance.now()
      for (const [index, picture] of pictures.entries()) {
        normaliseInto(data, index * 3 * width * height, picture, this.#plan.preprocessing.normalise)
      }
      written = performance.now()
      writing = written - start
    }
    const feed = { dtype: 'float32' as const, shape: [pictures.length, 3, height, width], write }
    // The caller's signal is not handed on: paddle cannot be interrupted inside a run but by ending its process.
    const outputs = await this.#pool.run({ [input]: feed }, { timeoutMs: options.timeoutMs })
    const ran = performance.now()
    // One worker computes this batch when it is done with the one before.
    const inferenceMs = ran - (this.#pool.size === 1 ? Math.max(written, this.#lastRunEnded) : written)
    this.#lastRunEnded = ran
    const scores = scoresOf(this.#model, output, outputs, pictures.length)
    checkLabels(this.#model, this.#plan.labels, scores[0]?.length ?? 0)
    const results = withScores(batch, scores, (row) =>
      bestOf(row, options.topK ?? this.#plan.topK, this.#plan.labels.names),
    )
    options.onBatch?.({
      images: pictures.length,
      preprocessMs: writing + batch.reduce((sum, { preprocessMs }) => sum + preprocessMs, 0),
      inferenceMs,
      postprocessMs: performance.now() - ran,
    })
    return results
  }

  /** Ends the worker and frees its memory. May be called twice. */
  async close(): Promise<void> {
    await this.#pool.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

function sourcesIn(images: ImageSources): Iterable<ImageSource> | AsyncIterable<ImageSource> {
  if (typeof images === 'string' || ArrayBuffer.isView(images)) return [images]
  const given: unknown = images
  if (
    typeof given === 'object' &&
    given !== null &&
    (Symbol.iterator in given || Symbol.asyncIterator in given)
  ) {
    return images
  }
  throw wrongType('images', 'a path, a Uint8Array, or several of them', images)
}

/** Puts the scores to the images that have some, and the errors to the others, in the order of the batch. */
function withScores(
  batch: readonly Decoded[],
  scores: readonly Float32Array[],
  best: (row: Float32Array) => ReturnType<typeof bestOf>,
): Classification[] {
  const rows = scores.values()
  return batch.map(({ image, error }) => {
    if (error) return { image, error }
    const { value } = rows.next()
    return { image, topK: value ? best(value) : [] }
  })
}
