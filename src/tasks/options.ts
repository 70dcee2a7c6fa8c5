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
  limit,
  list,
  omit,
  or,
  path,
  type Form,
} from '../options/index.js'
import type { ProgressListener } from '../progress.js'

/** How a task loads its model: the options of `createPredictor`, `retries` and the limits of a pool. */
export interface TaskOptions<Input = ImageSource>
  extends Omit<PredictorOptions, 'model'>, Omit<PoolOptions, 'workers' | 'maxQueue' | 'onEvent'> {
  /**
   * Maximum number of calls for one input (`classifyOne`) whose batch has not started, those whose input is
   * being preprocessed included; further ones are rejected with QUEUE_FULL. Each holds its decoded image in
   * memory. Lists are not limited: they pull their inputs on demand. @default Infinity
   */
  readonly maxQueue?: number | undefined
  /**
   * Number of Python processes that run the network, each with the whole model in memory. `auto`: half the
   * number of cores divided by `cpuThreads`; the other half of the cores preprocesses inputs. @default 'auto'
   */
  readonly workers?: number | 'auto' | undefined
  /**
   * Receives the events of the workers and of inputs that end them. Errors it throws are not caught.
   * @default none
   */
  readonly onEvent?: ((event: TaskEvent<Input>) => void) | undefined
}

/** The options that all tasks share, whatever their inputs are. */
export const taskForm = {
  ...poolForm,
  maxQueue: or(limit(1), Infinity),
  ...omit({ model: predictorForm.model }, predictorForm),
  onEvent: callback<(event: unknown) => void>(),
} satisfies Form<TaskOptions<never>>

/** How an image task is loaded: its workers, and how it reads images. */
export interface ImageInputOptions extends TaskOptions, ReadOptions {}

export const imageInputForm = { ...readForm, ...taskForm } satisfies Form<ImageInputOptions>

/** The options of an image task with class names. */
export interface ImageTaskOptions extends ImageInputOptions {
  /**
   * The names of the classes, one for each, or the path of a file that lists them: one a line, `ID NAME` on
   * each line, or JSON. `[]`: no names.
   * @default those of the model's own file
   */
  readonly labels?: readonly string[] | string | undefined
}

export const imageTaskForm = {
  labels: either(list(anyText, 'a list of names'), path('the path of a file')),
  ...imageInputForm,
} satisfies Form<ImageTaskOptions>

/** A batch whose worker died or timed out is retried input by input. */
export interface SplitEvent<Input = ImageSource> {
  readonly type: 'split'
  readonly inputs: readonly Input[]
  /** Why the worker died or timed out. */
  readonly error: PaddleError
}

/** An input is quarantined because its workers died or timed out. */
export interface QuarantineEvent<Input = ImageSource> {
  readonly type: 'quarantine'
  readonly input: Input
  /** IMAGE_QUARANTINED; `cause` is the error of the last worker. */
  readonly error: PaddleError
}

/** The events of a task: those of its workers, and of inputs that end them. */
export type TaskEvent<Input = ImageSource> = PoolEvent | SplitEvent<Input> | QuarantineEvent<Input>

/** How inputs run through the network. */
export interface BatchOptions {
  /**
   * Maximum number of inputs in a batch. The first input runs alone, so that its result arrives early.
   * @default 8
   */
  readonly batchSize?: number | undefined
  /**
   * Maximum time that an input waits for others to fill its batch, in milliseconds. Infinity: until the batch
   * is full or the inputs end. @default 50
   */
  readonly maxDelayMs?: number | undefined
  /** Aborts the iteration, which throws ABORTED. The task remains usable. */
  readonly signal?: AbortSignal | undefined
  /**
   * Finishes early: takes no more inputs, yields the results of those that are ready to run or running, and
   * ends.
   */
  readonly finish?: AbortSignal | undefined
  /**
   * Maximum time of one batch, in milliseconds from when it starts computing. After that its worker is
   * replaced and its inputs are retried one by one. @default none
   */
  readonly timeoutMs?: number | undefined
  /**
   * Called after each input. An error it throws ends the iteration, which rethrows it; the task remains
   * usable.
   */
  readonly onProgress?: ProgressListener | undefined
  /** Called after each batch with its timing. An error it throws ends the iteration in the same way. */
  readonly onBatch?: ((timing: BatchTiming) => void) | undefined
}

/** The options that only lists have. */
export const listForm = {
  finish: abortSignal,
  onProgress: callback<ProgressListener>(),
  onBatch: callback<(timing: BatchTiming) => void>(),
}

export const batchForm = {
  // Larger batches are hardly faster and delay the first result.
  batchSize: or(count(1), 8),
  maxDelayMs: or(delay, 50),
  ...waitForm,
  ...listForm,
} satisfies Form<BatchOptions>

/** How one input runs through the network. */
export interface OneInputOptions {
  /** Maximum number of inputs in the batch that it shares with other calls. @default that of a list */
  readonly batchSize?: number | undefined
  /**
   * Maximum time that it waits for others to fill its batch while a worker is idle, in milliseconds.
   * @default 0
   */
  readonly maxDelayMs?: number | undefined
  /**
   * Aborts the call, which rejects with ABORTED. An input whose batch has not started is withdrawn; a batch that
   * runs is not interrupted, so set `timeoutMs` against workers that hang.
   */
  readonly signal?: AbortSignal | undefined
  /**
   * Maximum time of its batch, in milliseconds from when it starts computing. After that, the worker is replaced
   * and the inputs of the batch are retried one by one. Only calls with equal limits share a batch. @default none
   */
  readonly timeoutMs?: number | undefined
}

/** How one input of a task runs through the network: with the options of the task. */
export type OneOptions<Options extends BatchOptions = BatchOptions> = OneInputOptions &
  Omit<Options, keyof BatchOptions>

/** The timing of one batch, in milliseconds. The steps of different inputs and batches overlap. */
export interface BatchTiming {
  readonly images: number
  /** Reading, decoding, resizing and normalising, summed over the images. */
  readonly preprocessMs: number
  /** The run of the network, including the transfer to the worker and back. */
  readonly inferenceMs: number
  /** Assigning the results to the inputs. */
  readonly postprocessMs: number
}

/** The error of an image. */
export interface Failure<Source extends ImageSource = ImageSource> {
  /** The image as passed in. */
  readonly image: Source
  readonly error: PaddleError
}
