import { callerTypeError, messageOf } from '../../errors.js'
import { sourceName, type ImageSource } from '../../image/index.js'
import type { Feeds, Outputs } from '../../inference/index.js'
import { callback, checkOptions, required, type Form } from '../../options/index.js'
import { collateFeeds, feedSignature, splitOutputs } from '../batching/collate.js'
import { inputsIn } from '../image-input/sources.js'
import { LoadedTask } from '../loaded-task.js'
import { taskForm, type BatchOptions, type TaskOptions } from '../options.js'
import type { Ran, Result, Task } from '../task.js'
import { imagePipelineTask, pipelineDefaults, type ImageContext } from './image-pipeline.js'

/** What the network is fed for one input. */
export interface Preprocessed<Context = undefined> {
  /** Tensors by the names of the inputs, whose first dimension is 1 so that they can go through the network with those of other inputs. */
  readonly feeds: Feeds
  /** What `postprocess` wants to know of it. */
  readonly context?: Context
}

/** How a pipeline works. */
export interface PipelineOptions<Input, Value, Context = undefined> extends TaskOptions<Input> {
  /**
   * Makes of one input what the network is fed. What it throws is the input's `error`. Several run at once. When `signal` fires nobody waits
   * for it any more.
   * @default images as the model's own `inference.yml` or `infer_cfg.yml` says
   */
  readonly preprocess?:
    | ((
        input: Input,
        given: { readonly signal: AbortSignal },
      ) => Preprocessed<Context> | Promise<Preprocessed<Context>>)
    | undefined
  /** Makes of the outputs of one input its value. What it throws is the input's `error`. */
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

/** The options of a pipeline that is fed images as the model's own file says. */
export type ImagePipelineOptions<Value> = Omit<
  PipelineOptions<ImageSource, Value, ImageContext>,
  'preprocess'
> & { readonly preprocess?: undefined }

/** What became of an input. */
export type PipelineResult<Input, Value> = Result<Input, Value>

type Ready = Preprocessed<unknown>

/**
 * Any model between steps of one's own: `preprocess` makes tensors of an input, `postprocess` a value of what the network puts out for it.
 *
 * @example
 * await using pipeline = await Pipeline.load('model', {
 *   preprocess: async (path: string) => ({ feeds: { x: await read(path) } }),
 *   postprocess: ({ y }) => Math.max(...y.data),
 * })
 * for await (const { input, value, error } of pipeline.run(paths, { batchSize: 8 })) console.log(input, value ?? error)
 */
export class Pipeline<Input, Value> extends LoadedTask<Input, unknown, Ran, BatchOptions> {
  readonly #postprocess: PipelineOptions<Input, Value, unknown>['postprocess']

  private constructor(
    model: string,
    task: Task<Input, unknown, Ran, BatchOptions>,
    options: PipelineOptions<Input, Value, unknown>,
  ) {
    super(model, task, options)
    this.#postprocess = (outputs, given) => options.postprocess(outputs, given)
  }

  /**
   * Loads a model, in one or several Python processes.
   *
   * @param model - a model folder, a prefix or the program's file
   * @throws PaddleError as `createPredictor`, and MODEL_CONFIG_INVALID where images are to be fed as the model's own file says and none says it;
   * TypeError or RangeError for wrong options. Nothing is left running then.
   */
  static async load<Value>(
    model: string,
    options: ImagePipelineOptions<Value>,
  ): Promise<Pipeline<ImageSource, Value>>
  static async load<Input, Value, Context = undefined>(
    model: string,
    options: PipelineOptions<Input, Value, Context> &
      Required<Pick<PipelineOptions<Input, Value, Context>, 'preprocess'>>,
  ): Promise<Pipeline<Input, Value>>
  static async load<Input, Value>(
    model: string,
    options: PipelineOptions<Input, Value, unknown>,
  ): Promise<Pipeline<Input, Value>> {
    checkOptions(pipelineForm, options)
    const { preprocess } = options
    const task = preprocess ? piping(preprocess) : await imagePipelineTask(model, options.params)
    return new Pipeline(model, task as Task<Input, unknown, Ran, BatchOptions>, options).loaded()
  }

  /**
   * Runs inputs and yields what became of each in the order in which they were given, as `ImageClassifier.classify` does it. A list, an iterator or an
   * async iterator is several inputs, anything else one.
   *
   * `batchSize` is 1 unless it is given: with more, feeds of equal shapes whose first dimension is 1 go through the network
   * together, and each output must have a row (or, with a LoD, a sequence) for each input; where one has not, inputs are run one by one from then on.
   *
   * @throws PaddleError ABORTED, and what `Predictor.run` throws; TypeError or RangeError for wrong options
   */
  async *run(
    inputs: Input | Iterable<Input> | AsyncIterable<Input>,
    options: BatchOptions = {},
  ): AsyncGenerator<PipelineResult<Input, Value>, void, undefined> {
    for await (const { input, value, error } of this.results(inputsIn(inputs), options)) {
      yield error ? { input, error } : await this.#read(input, value)
    }
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
    connect: () => ({
      kindOf: ({ feeds }) => feedSignature(feeds),
      feeds: (batch) => collateFeeds(batch.map(({ feeds }) => feeds)),
      values: (outputs, batch) =>
        splitOutputs(outputs, batch.length)?.map((own, index) => ({
          outputs: own,
          context: batch[index]?.context,
        })),
    }),
  }
}

/** @throws TypeError unless it has feeds; whether they are the network's is seen when they are fed */
function preprocessed(result: unknown): Ready {
  const feeds: unknown =
    typeof result === 'object' && result !== null ? Reflect.get(result, 'feeds') : undefined
  if (typeof feeds === 'object' && feeds !== null) return result as Ready
  throw callerTypeError(
    'Expected `preprocess` to give { feeds, context? }, with tensors by the names of the inputs.',
  )
}

/** Anything can be thrown. */
function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(messageOf(error), { cause: error })
}
