import type { Feeds, Outputs, PredictorPool, WriteTimes } from '../inference/index.js'
import type { Form } from '../options/index.js'

/** The steps of a task before and after the network. */
export interface Task<Input, Ready, Value, Options extends object> {
  /** The verb that messages begin with: `Classifying`. */
  readonly doing: string
  /** The step that progress events name: `Classifying images`. */
  readonly step: string
  /** The batch size when the option is not set. */
  readonly defaultBatchSize: number
  /** The options of a run. */
  readonly form: Form<Options>
  /** Validates what the form cannot. @throws TypeError or RangeError */
  checkOptions?(options: Options): void
  /** The name of an input in messages. */
  nameOf(input: Input): string
  /** Preprocesses one input; after `signal` fires, its result is ignored. */
  prepare(input: Input, signal: AbortSignal): Promise<Ready>
  /** Whether an error of `prepare` concerns that input only; any other error ends the iteration. */
  isInputs(error: unknown): error is Error
  /** The kind of an input; only inputs of the same kind share a batch, and one without a kind runs alone. */
  kindOf(ready: Ready): string | undefined
  /**
   * Checks the loaded model and returns the steps around its runs.
   * @throws PaddleError MODEL_UNSUITABLE, LABELS_INVALID
   */
  connect(pool: PredictorPool): Steps<Ready, Value, Options>
}

/** The steps before and after a run. */
export interface Steps<Ready, Value, Options> {
  /** Whether the network takes one input at a time. */
  readonly oneByOne?: boolean
  feeds(batch: readonly Ready[], times: WriteTimes): Feeds
  /**
   * The value of each input of the batch; `undefined` when the outputs cannot be assigned to the inputs.
   *
   * @param options - those of each input: a batch can hold inputs of several calls
   * @param nameOf - the name of an input in messages, by its index
   */
  values(
    outputs: Outputs,
    batch: readonly Ready[],
    options: readonly Options[],
    nameOf: (index: number) => string,
  ): Values<Value>
}

/** The values of a batch, as soon as they are computed. */
type Values<Value> = readonly Value[] | undefined | Promise<readonly Value[] | undefined>

/** An input after preprocessing, or its error. */
export type Prepared<Input, Ready> = {
  readonly input: Input
  /** How long preprocessing took, in milliseconds. */
  readonly preprocessMs: number
} & (
  | { readonly ready: { readonly value: Ready }; readonly error?: never }
  | { readonly error: Error; readonly ready?: never }
)

/** The result of an input: its value, or its error. */
export type Result<Input, Value> =
  | { readonly input: Input; readonly value: Value; readonly error?: never }
  | { readonly input: Input; readonly error: Error; readonly value?: never }

/** The outputs of a run for one input, and the context that preprocessing kept of it. */
export interface Ran {
  readonly outputs: Outputs
  readonly context: unknown
}
