import type { Feeds, Outputs, PredictorPool } from '../inference/index.js'

/** How long the writing of a batch's feeds took, and when it ended, in milliseconds. */
export interface WriteTimes {
  writing: number
  written: number
}

/** What a task does with its inputs: on their way to the network, and with what comes back. */
export interface Task<Input, Ready, Value, Options> {
  /** What is done, as messages begin: `Classifying`. */
  readonly doing: string
  /** What is done, as progress says it: `Classifying images`. */
  readonly step: string
  /** How many inputs go through the network together, where nothing is said about it. */
  readonly defaultBatchSize: number
  /** Looks at the options of a run before it begins. @throws TypeError or RangeError; PaddleError ABORTED */
  checkOptions(options: Options): void
  /** How messages name an input. */
  nameOf(input: Input): string
  /** Brings one input to where it can be fed; nobody waits for it any more when the signal fires. */
  prepare(input: Input, signal: AbortSignal): Promise<Ready>
  /** Whether what `prepare` has thrown is about that input alone; otherwise it ends the work. */
  isInputs(error: unknown): error is Error
  /** What is done once the model is there. @throws PaddleError MODEL_UNSUITABLE, LABELS_INVALID */
  connect(pool: PredictorPool): Steps<Ready, Value, Options>
}

/** Both sides of a run. */
export interface Steps<Ready, Value, Options> {
  /** Only inputs of the same kind go through the network together. */
  kindOf(ready: Ready): string
  feeds(batch: readonly Ready[], times: WriteTimes): Feeds
  /** The value of each input of the batch; `undefined` when it cannot be told which output is whose. */
  values(outputs: Outputs, batch: readonly Ready[], options: Options): readonly Value[] | undefined
}

/** An input that is ready for the network, or what is wrong with it. */
export interface Prepared<Input, Ready> {
  readonly input: Input
  /** How long that took, in milliseconds. */
  readonly preprocessMs: number
  readonly ready?: { readonly value: Ready }
  readonly error?: Error
}

/** What became of an input. */
export type Result<Input, Value> =
  | { readonly input: Input; readonly value: Value; readonly error?: never }
  | { readonly input: Input; readonly error: Error; readonly value?: never }

/** What a run has put out for one input, and what was kept of the input for whoever reads it. */
export interface Ran {
  readonly outputs: Outputs
  readonly context: unknown
}
