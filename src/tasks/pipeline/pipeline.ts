import { checkConstructor, constructorKey, type ConstructorKey } from '../../constructor-key.js'
import { callerTypeError, messageOf } from '../../errors.js'
import { sourceName, type ImageSource } from '../../image/index.js'
import type { Feeds, Outputs } from '../../inference/index.js'
import { callback, checkOptions, required, type Form } from '../../options/index.js'
import { collateFeeds, feedSignature, splitOutputs } from './custom-feeds.js'
import { checkOneImage, inputsIn } from '../image-input/sources.js'
import { checkOutputs, watchFinite, type FiniteCheck } from '../finite-results.js'
import { LoadedTask } from '../loaded-task.js'
import { taskForm, type BatchOptions, type OneOptions, type TaskOptions } from '../options.js'
import type { Ran, Result, Task } from '../task.js'
import { imagePipelineTask, pipelineDefaults, type ImageContext } from './image-pipeline.js'

/** The feeds of one input. */
export interface Preprocessed<Context = undefined> {
  /** Tensors by input name. A first dimension of 1 lets inputs share a batch. */
  readonly feeds: Feeds
  /** Passed to `postprocess`. */
  readonly context?: Context
}

/** The options of a pipeline. */
export interface PipelineOptions<Input, Value, Context = undefined> extends TaskOptions<Input> {
  /**
   * Creates the feeds of one input. An error it throws becomes the input's `error`. Several calls run at
   * once. After `signal` fires, the result is ignored.
   * @default images as the model's own `inference.yml`, `infer_cfg.yml` or `deploy.yaml` describes
   */
  readonly preprocess?:
    | ((
        input: Input,
        given: { readonly signal: AbortSignal },
      ) => Preprocessed<Context> | Promise<Preprocessed<Context>>)
    | undefined
  /** Converts the outputs of one input to its value. An error it throws becomes the input's `error`. */
  postprocess(
    outputs: Outputs,
    given: { readonly input: Input; readonly context: Context },
  ): Value | Promise<Value>
}

const pipelineForm = {
  preprocess: callback<() => never>(),
  postprocess: required(callback<() => never>()),
  ...taskForm,
} satisfies Form<PipelineOptions<never, unknown>>

/** The options of a pipeline that feeds images as the model's own file describes. */
export type ImagePipelineOptions<Value> = Omit<
  PipelineOptions<ImageSource, Value, ImageContext>,
  'preprocess'
> & { readonly preprocess?: undefined }

/**
 * The input of a pipeline by the one of `preprocess`: images without it. One signature for both, instead of
 * overloads, makes the compiler report a wrong option by its own name.
 *
 * @typeParam Input - `never` without `preprocess`
 */
export type PipelineInput<Input> = [Input] extends [never] ? ImageSource : Input

/**
 * The context that `postprocess` gets unless `preprocess` passes one.
 *
 * @typeParam Input - `never` without `preprocess`
 */
export type PipelineContext<Input> = [Input] extends [never] ? ImageContext : undefined

/** The result of an input: its value, or its error. */
export type PipelineResult<Input, Value> = Result<Input, Value>

type Ready = Preprocessed<unknown>

/**
 * Any model with custom steps: `preprocess` creates tensors from an input, `postprocess` converts the outputs
 * to a value.
 *
 * @example
 * await using pipeline = await Pipeline.load('model', {
 *   preprocess: async (path: string) => ({ feeds: { x: await read(path) } }),
 *   postprocess: ({ y }) => Math.max(...y.data),
 * })
 * for await (const { input, value, error } of pipeline.run(paths, { batchSize: 8 })) console.log(input, value ?? error)
 */
export class Pipeline<Input, Value> extends LoadedTask<Input, unknown, Ran, BatchOptions> {
  readonly #takesImages: boolean
  readonly #postprocess: PipelineOptions<Input, Value, unknown>['postprocess']

  private constructor(
    key: ConstructorKey,
    model: string,
    task: Task<Input, unknown, Ran, BatchOptions>,
    options: PipelineOptions<Input, Value, unknown>,
  ) {
    checkConstructor(key, 'Pipeline', 'await Pipeline.load(model, { postprocess })')
    super(model, task, options)
    this.#takesImages = !options.preprocess
    this.#postprocess = (outputs, given) => options.postprocess(outputs, given)
  }

  /**
   * Loads a model in one or several Python processes.
   *
   * @param model - a model folder, a prefix or the program's file
   * @throws PaddleError as `createPredictor`, and MODEL_CONFIG_INVALID when `preprocess` is not set and the
   * model's own file has no preprocessing; TypeError or RangeError for invalid options. Nothing is left
   * running then.
   */
  static async load<Input = never, Value = unknown, Context = PipelineContext<Input>>(
    model: string,
    options: PipelineOptions<PipelineInput<Input>, Value, Context>,
  ): Promise<Pipeline<PipelineInput<Input>, Value>> {
    checkOptions(pipelineForm, options)
    const { preprocess } = options
    const task = preprocess
      ? piping(preprocess, watchFinite(model, 'outputs', options.onWarning))
      : await imagePipelineTask(model, options)
    return new Pipeline(
      constructorKey,
      model,
      task as Task<PipelineInput<Input>, unknown, Ran, BatchOptions>,
      options,
    ).loaded()
  }

  /**
   * Runs inputs and yields their results in input order, as `ImageClassifier.classify` does. A list, an
   * iterator or an async iterator is several inputs, anything else one.
   *
   * `batchSize` defaults to 1. With more, feeds of equal shapes whose first dimension is 1 share a batch, and
   * each output must have a row (or, with a LoD, a sequence) for each input; once an output has not, inputs
   * run one by one.
   *
   * @throws PaddleError ABORTED, and what `Predictor.run` throws; TypeError or RangeError for invalid options
   */
  async *run(
    inputs: Input | Iterable<Input> | AsyncIterable<Input>,
    options: BatchOptions = {},
  ): AsyncGenerator<PipelineResult<Input, Value>, void, undefined> {
    for await (const { input, value, error } of this.results(inputsIn(inputs), options)) {
      yield error ? { input, error } : await this.#read(input, value)
    }
  }

  /**
   * Runs one input, whatever it is, and returns its value. Calls that wait while the workers are busy share a
   * batch if `batchSize` allows, as in `run`. Do not await it in `preprocess`: it needs a place there too.
   *
   * @throws the error of `preprocess` or `postprocess`; PaddleError QUEUE_FULL, ABORTED, and what `Predictor.run`
   * throws; TypeError or RangeError for a list of images where the pipeline has no `preprocess`, or for
   * invalid options
   */
  async runOne(input: Input, options: OneOptions = {}): Promise<Value> {
    if (this.#takesImages) checkOneImage(input, { one: 'runOne', several: 'run' })
    const { value, error } = await this.#read(input, await this.resultOf(input, options))
    if (error) throw error
    return value
  }

  async #read(input: Input, { outputs, context }: Ran): Promise<PipelineResult<Input, Value>> {
    try {
      return { input, value: await this.#postprocess(outputs, { input, context }) }
    } catch (error) {
      return { input, error: asError(error) }
    }
  }
}

function piping<Input>(
  preprocess: (input: Input, given: { readonly signal: AbortSignal }) => Ready | Promise<Ready>,
  checkFinite: FiniteCheck,
): Task<Input, Ready, Ran, BatchOptions> {
  return {
    ...pipelineDefaults,
    step: 'Running inputs',
    nameOf: (input) => (typeof input === 'string' ? sourceName(input) : 'The input'),
    prepare: async (input, signal) => {
      try {
        return preprocessed(await preprocess(input, { signal }))
      } catch (error) {
        throw asError(error)
      }
    },
    isInputs: (error) => error instanceof Error,
    kindOf: ({ feeds }) => feedSignature(feeds),
    connect: () => ({
      feeds: (batch) => collateFeeds(batch.map(({ feeds }) => feeds)),
      values: (outputs, batch, _, nameOf) =>
        splitOutputs(outputs, batch.length)?.map((own, index) => {
          checkOutputs(checkFinite, own, () => nameOf(index))
          return { outputs: own, context: batch[index]?.context }
        }),
    }),
  }
}

/** @throws TypeError unless it has feeds; they are validated against the network when they are fed */
function preprocessed(result: unknown): Ready {
  const feeds: unknown =
    typeof result === 'object' && result !== null ? Reflect.get(result, 'feeds') : undefined
  if (typeof feeds === 'object' && feeds !== null) return result as Ready
  throw callerTypeError('Expected `preprocess` to return { feeds, context? } with tensors by input name.')
}

/** JavaScript can throw any value. */
function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(messageOf(error), { cause: error })
}
