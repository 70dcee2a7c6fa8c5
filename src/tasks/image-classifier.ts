import { abortedBy, wrongType, wrongValue } from '../errors.js'
import type { ImageSource } from '../image/index.js'
import { pickPoolOptions, pickPredictorOptions, PredictorPool } from '../inference/index.js'
import { emitter } from '../inference/pool/events.js'
import { checkSignal, checkWait } from '../inference/waiting.js'
import { BatchRunner } from './batch-runner.js'
import { inBatches } from './batches.js'
import { checkFunction, checkPositiveInteger } from './check-options.js'
import { classifierPorts, type ClassifierPorts } from './classifier-model.js'
import { planClassifier, type ClassifierPlan } from './classifier-plan.js'
import { ImageDecoder, type Decoded } from './image-decoder.js'
import { checkLabels } from './labels.js'
import { mapAhead } from './map-ahead.js'
import type { Classification, ClassifierOptions, ClassifyOptions } from './options.js'
import { untilFired } from './until-fired.js'

/** Images in, classes out: what {@link ImageClassifier.classify} takes. */
export type ImageSources = ImageSource | Iterable<ImageSource> | AsyncIterable<ImageSource>

/** For each worker: one batch computes while the next one is written. */
const batchesPerWorker = 2

/** What a batch holds unless it is told otherwise: larger ones are hardly faster, and take longer until their first answer. */
export const defaultBatchSize = 8

const defaultMaxDelayMs = 50

const known = ['topK', 'batchSize', 'maxDelayMs', 'signal', 'finish', 'timeoutMs', 'onProgress', 'onBatch']

/** The model in its workers. */
interface Network {
  readonly pool: PredictorPool
  readonly ports: ClassifierPorts
  readonly batches: BatchRunner
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
  readonly #plan: ClassifierPlan
  readonly #decoder: ImageDecoder
  readonly #closing = new AbortController()
  readonly #network: Promise<Network>
  #pool: PredictorPool | undefined

  private constructor(model: string, plan: ClassifierPlan, options: ClassifierOptions) {
    this.#model = model
    this.#plan = plan
    this.#decoder = new ImageDecoder(plan.preprocessing, options)
    this.#network = this.#load(options)
    // Whoever asks for it is told.
    this.#network.catch(() => undefined)
  }

  /**
   * Loads a model, in one or several Python processes.
   *
   * @param model - a model folder, a prefix (`model/inference`) or the program's file
   * @throws PaddleError as `createPredictor`, MODEL_CONFIG_INVALID, MODEL_UNSUITABLE, LABELS_INVALID; TypeError or RangeError for
   * wrong options. Nothing is left running then.
   */
  static async load(model: string, options: ClassifierOptions = {}): Promise<ImageClassifier> {
    const classifier = await ImageClassifier.open(model, options)
    await classifier.ready()
    return classifier
  }

  /**
   * Begins to load a model, and does not wait for it: images can be read and decoded meanwhile. What is wrong with the model is
   * thrown by `classify` and `warmUp`, before the first answer.
   *
   * @throws PaddleError MODEL_NOT_FOUND, MODEL_CONFIG_INVALID, LABELS_INVALID; TypeError or RangeError for wrong options
   */
  static async open(model: string, options: ClassifierOptions = {}): Promise<ImageClassifier> {
    return new ImageClassifier(model, await planClassifier(model, options), options)
  }

  /** Settles when the model is loaded. @throws as `load` */
  async ready(): Promise<void> {
    await this.#network
  }

  /** The workers that do the work. @throws TypeError before the model is loaded */
  get pool(): PredictorPool {
    if (!this.#pool) throw new TypeError('The model is still being loaded: await load() instead of open().')
    return this.#pool
  }

  async #load(options: ClassifierOptions): Promise<Network> {
    const { signal = this.#closing.signal, ...rest } = pickPredictorOptions(options)
    const pool = await PredictorPool.create({
      ...rest,
      ...pickPoolOptions(options),
      model: this.#model,
      workers: this.#plan.workers,
      signal: AbortSignal.any([signal, this.#closing.signal]),
    })
    try {
      const ports = classifierPorts(this.#model, pool)
      if (ports.classes !== undefined) checkLabels(this.#model, this.#plan.labels, ports.classes)
      this.#pool = pool
      const batches = new BatchRunner({
        model: this.#model,
        plan: this.#plan,
        pool,
        ports,
        emit: emitter(options.onEvent),
      })
      return { pool, ports, batches }
    } catch (error) {
      await pool.close()
      throw error
    }
  }

  /**
   * Classifies images and yields what became of each in the order in which they were given; an image that cannot be read
   * has an `error`, and the others go on. A batch whose worker died, or took longer than `timeoutMs`, is tried again image by image; an
   * image that then ends its workers has the error IMAGE_QUARANTINED. Images are taken from an iterator as they are needed, and never gathered: at most two
   * batches for each worker, and as many images as two more hold, are under way.
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
    checkDelay(options.maxDelayMs)
    checkSignal('finish', options.finish)
    checkFunction('onProgress', options.onProgress)
    checkFunction('onBatch', options.onBatch)
    const { batchSize = defaultBatchSize, maxDelayMs = defaultMaxDelayMs, signal, onProgress } = options
    const sources = sourcesIn(images)
    const total = Array.isArray(sources) ? { total: sources.length } : {}
    const leaving = new AbortController()
    const onAbort = (): void => {
      if (signal) leaving.abort(abortedBy(signal, 'Classifying'))
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    const decode = (image: ImageSource): Promise<Decoded> => this.#decoder.decode(image)
    const decoded = mapAhead(sources, 2 * batchSize, decode, leaving.signal)
    const counts = ({ pixels }: Decoded): boolean => pixels !== undefined
    const batches = inBatches(decoded, { size: batchSize, counts, maxDelayMs })
    const run = async (batch: readonly Decoded[]): Promise<Classification[]> =>
      (await this.#network).batches.run(batch, options)
    try {
      let done = 0
      for await (const batch of mapAhead(
        options.finish ? untilFired(batches, options.finish) : batches,
        batchesPerWorker * this.#plan.workers,
        run,
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
    const { pool, ports } = await this.#network
    const feeds = { [ports.input]: { dtype: 'float32' as const, shape, write: blank } }
    for (let run = 0; run < runs; run += 1) {
      // As many at once as there are workers: each gets one.
      await Promise.all(Array.from({ length: pool.size }, () => pool.run(feeds, wait)))
    }
  }

  /** Ends the workers and frees their memory. May be called twice. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#network.then(
      ({ pool }) => pool.close(),
      () => undefined,
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

function checkDelay(value: unknown): void {
  if (value === undefined) return
  if (typeof value !== 'number') throw wrongType('maxDelayMs', 'a number of milliseconds from 0 on', value)
  if (!(value >= 0)) throw wrongValue('maxDelayMs', 'a number of milliseconds from 0 on', value)
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
