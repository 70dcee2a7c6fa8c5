import type { PoolEvent, PoolOptions, PredictorOptions } from '../inference/index.js'
import type { ImageSource } from '../image/index.js'
import type { PaddleError } from '../errors.js'
import type { ProgressListener } from '../progress.js'
import type { Prediction } from './top-k.js'

/**
 * How an image classifier is loaded: beside what follows, all that `createPredictor` takes, and `retries` and the limits of a pool. What the model's `inference.yml` says is
 * the default of the first four.
 */
export interface ClassifierOptions
  extends Omit<PredictorOptions, 'model'>, Omit<PoolOptions, 'workers' | 'maxQueue' | 'onEvent'> {
  /** Pixels that the shorter side is resized to. @default 256 */
  readonly resizeSize?: number | undefined
  /** Width and height of the part in the centre that the network sees. @default 224 */
  readonly cropSize?: number | undefined
  /** How many of the best classes an answer holds. @default 1 */
  readonly topK?: number | undefined
  /** The names of the classes, as many as there are classes, or a file with one a line; `[]` for none. @default none */
  readonly labels?: readonly string[] | string | undefined
  /** Turn and mirror images as their EXIF orientation says. @default true */
  readonly autoOrient?: boolean | undefined
  /** The most pixels that an image may have. @default 268402689 */
  readonly maxPixels?: number | undefined
  /**
   * How many Python processes run the network, each with the whole model in its memory; `auto`: half as many as there are cores,
   * divided by `cpuThreads`, for the other half decodes. @default 'auto'
   */
  readonly workers?: number | 'auto' | undefined
  /** Is told what happens to the workers, and to images that end them. What it throws is not caught. @default nobody */
  readonly onEvent?: ((event: ClassifierEvent) => void) | undefined
}

/** A batch whose worker ended is tried again image by image. */
export interface SplitEvent {
  readonly type: 'split'
  readonly images: readonly ImageSource[]
  /** What ended the worker. */
  readonly error: PaddleError
}

/** An image that has ended its workers is put aside. */
export interface QuarantineEvent {
  readonly type: 'quarantine'
  readonly image: ImageSource
  /** IMAGE_QUARANTINED, with what ended the last worker as its `cause`. */
  readonly error: PaddleError
}

/** What happens to the workers of a classifier, and to images that end them. */
export type ClassifierEvent = PoolEvent | SplitEvent | QuarantineEvent

/** How images are classified. */
export interface ClassifyOptions {
  /** How many of the best classes an answer holds. @default as the classifier was loaded */
  readonly topK?: number | undefined
  /**
   * The most images that are sent through the network at once; the first goes alone, so that its answer comes soon. @default 8
   */
  readonly batchSize?: number | undefined
  /**
   * The longest time that an image waits for others to fill its batch, in milliseconds. @default 50
   */
  readonly maxDelayMs?: number | undefined
  /** Ends the work: the iteration throws ABORTED. The classifier can be used further. */
  readonly signal?: AbortSignal | undefined
  /** Ends the work in order: no more batches are begun, those under way are answered, and the iteration ends. */
  readonly finish?: AbortSignal | undefined
  /**
   * The longest time that one batch may take, in milliseconds from when it begins to compute; then its worker is replaced by another one,
   * and its images are tried again one by one. @default none
   */
  readonly timeoutMs?: number | undefined
  /** Told after each image. */
  readonly onProgress?: ProgressListener | undefined
  /** Told after each batch how long it took. */
  readonly onBatch?: ((timing: BatchTiming) => void) | undefined
}

/** How long one batch took, in milliseconds. The steps of different images and batches overlap. */
export interface BatchTiming {
  readonly images: number
  /** Reading, decoding, resizing and normalising, summed over the images. */
  readonly preprocessMs: number
  /** The run of the network, with the way there and back. */
  readonly inferenceMs: number
  /** Finding the best classes. */
  readonly postprocessMs: number
}

/** The best classes of an image, best first. */
export interface Answer {
  /** The image as it was given. */
  readonly image: ImageSource
  readonly topK: readonly Prediction[]
  readonly error?: never
}

/** What was wrong with an image. */
export interface Failure {
  /** The image as it was given. */
  readonly image: ImageSource
  readonly error: PaddleError
  readonly topK?: never
}

/** What became of an image. */
export type Classification = Answer | Failure
