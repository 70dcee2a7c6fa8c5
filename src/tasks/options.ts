import type { PaddleError } from '../errors.js'
import type { ImageSource } from '../image/index.js'
import { readForm, type ReadOptions } from '../image/read-options.js'
import type { PoolEvent, PoolOptions, PredictorOptions } from '../inference/index.js'
import { waitForm } from '../inference/options/call-options.js'
import { predictorForm } from '../inference/options/predictor-options.js'
import { poolForm } from '../inference/pool/pool-options.js'
import {
  abortSignal,
  anyText,
  callback,
  count,
  delay,
  either,
  list,
  omit,
  or,
  path,
  type Form,
} from '../options/index.js'
import type { ProgressListener } from '../progress.js'

/** How the model of a task is loaded: all that `createPredictor` takes, and `retries` and the limits of a pool. */
export interface TaskOptions<Input = ImageSource>
  extends Omit<PredictorOptions, 'model'>, Omit<PoolOptions, 'workers' | 'maxQueue' | 'onEvent'> {
  /**
   * How many Python processes run the network, each with the whole model in its memory; `auto`: half as many as there are cores,
   * divided by `cpuThreads`, for the other half prepares inputs. @default 'auto'
   */
  readonly workers?: number | 'auto' | undefined
  /** Is told what happens to the workers, and to inputs that end them. What it throws is not caught. @default nobody */
  readonly onEvent?: ((event: TaskEvent<Input>) => void) | undefined
}

/** The options of a task, whatever its inputs are. */
export const taskForm = {
  ...omit({ maxQueue: poolForm.maxQueue }, poolForm),
  ...omit({ model: predictorForm.model }, predictorForm),
  onEvent: callback<(event: unknown) => void>(),
} satisfies Form<TaskOptions<never>>

/** How a task with images is loaded: the workers, and how images are read. */
export interface ImageInputOptions extends TaskOptions, ReadOptions {}

export const imageInputForm = { ...readForm, ...taskForm } satisfies Form<ImageInputOptions>

/** The same with the names of classes. */
export interface ImageTaskOptions extends ImageInputOptions {
  /**
   * The names of the classes, as many as there are classes, or a file of them: one a line, `ID NAME` in each line, or JSON; `[]` for none.
   * @default those of the model's own file
   */
  readonly labels?: readonly string[] | string | undefined
}

export const imageTaskForm = {
  labels: either(list(anyText, 'a list of names'), path('the path of a file')),
  ...imageInputForm,
} satisfies Form<ImageTaskOptions>

/** A batch whose worker ended is tried again input by input. */
export interface SplitEvent<Input = ImageSource> {
  readonly type: 'split'
  readonly inputs: readonly Input[]
  /** What ended the worker. */
  readonly error: PaddleError
}

/** An input that has ended its workers is put aside. */
export interface QuarantineEvent<Input = ImageSource> {
  readonly type: 'quarantine'
  readonly input: Input
  /** IMAGE_QUARANTINED, with what ended the last worker as its `cause`. */
  readonly error: PaddleError
}

/** What happens to the workers of a task, and to inputs that end them. */
export type TaskEvent<Input = ImageSource> = PoolEvent | SplitEvent<Input> | QuarantineEvent<Input>

/** How inputs go through the network. */
export interface BatchOptions {
  /**
   * The most inputs that are sent through the network at once; the first goes alone, so that its answer comes soon. @default 8
   */
  readonly batchSize?: number | undefined
  /**
   * The longest time that an input waits for others to fill its batch, in milliseconds; Infinity: until it is
   * full, or there are no more. @default 50
   */
  readonly maxDelayMs?: number | undefined
  /** Ends the work: the iteration throws ABORTED. The task can be used further. */
  readonly signal?: AbortSignal | undefined
  /** Ends the work in order: no more batches are begun, those under way are answered, and the iteration ends. */
  readonly finish?: AbortSignal | undefined
  /**
   * The longest time that one batch may take, in milliseconds from when it begins to compute; then its worker is replaced by another one,
   * and its inputs are tried again one by one. @default none
   */
  readonly timeoutMs?: number | undefined
  /** Told after each input. What it throws ends the iteration, and is thrown there; the task can be used further. */
  readonly onProgress?: ProgressListener | undefined
  /** Told after each batch how long it took. What it throws ends the iteration in the same way. */
  readonly onBatch?: ((timing: BatchTiming) => void) | undefined
}

export const batchForm = {
  // Larger ones are hardly faster, and take longer until their first answer.
  batchSize: or(count(1), 8),
  maxDelayMs: or(delay, 50),
  ...waitForm,
  finish: abortSignal,
  onProgress: callback<ProgressListener>(),
  onBatch: callback<(timing: BatchTiming) => void>(),
} satisfies Form<BatchOptions>

/** How long one batch took, in milliseconds. The steps of different inputs and batches overlap. */
export interface BatchTiming {
  readonly images: number
  /** Reading, decoding, resizing and normalising, summed over the images. */
  readonly preprocessMs: number
  /** The run of the network, with the way there and back. */
  readonly inferenceMs: number
  /** Handing out the answers. */
  readonly postprocessMs: number
}

/** What was wrong with an image. */
export interface Failure<Source extends ImageSource = ImageSource> {
  /** The image as it was given. */
  readonly image: Source
  readonly error: PaddleError
}
