import type { LabelMap, Mark } from '../image/annotate/index.js'
import type { ImageSource } from '../image/index.js'
import type { PredictorPool } from '../inference/index.js'
import type { ConfigSection, DeclaredSize, ModelConfig, Preprocessing } from '../model/index.js'
import type { Form } from '../options/index.js'
import type { PlainPostProcess, PlainRun } from '../reference/index.js'
import type { Wording } from '../wording.js'
import type { Verdict } from './comparison.js'
import type { ImageSources } from './image-input/sources.js'
import type { BatchOptions, Failure, ImageInputOptions } from './options.js'
import type { WriteNumber } from './result-text.js'
import type { Task } from './task.js'

/** How the command line shows an option of a task. */
export interface TaskFlag {
  /** The heading that the flag appears under in the help. */
  readonly group: 'images' | 'answers'
  readonly describe: string
  /** The flag's name when it differs from the option's name in kebab-case. */
  readonly name?: string
  /** Whether the short help shows it. */
  readonly common?: true
}

/** The options of a task that have a flag. */
export type TaskFlags<Options extends object> = { readonly [Name in keyof Options]?: TaskFlag }

/** The part of a task that the command line needs before it loads anything heavy. */
export interface TaskSpec<Options extends ImageInputOptions = ImageInputOptions> {
  /** The kind of model, with its article: `a classifier`. */
  readonly modelKind: string
  /** The class of the API that loads a model for the task. */
  readonly className: string
  /** The field that only results of this task have. */
  readonly resultField: string
  readonly form: Form<Options>
  /** The maximum number of images in a batch when the option is not set. */
  readonly defaultBatchSize: number
  readonly flags: TaskFlags<Options>
  /** Flags of other tasks that this task rejects, by option, each with the reason. */
  readonly refused: Readonly<Record<string, Wording>>
  /**
   * Whether images usually have the same size when they are fed, so that blank ones can be used for warm-up runs.
   */
  readonly hasFixedSize: boolean
  /** The section that belongs to the task in a configuration file for two models. */
  readonly section?: ConfigSection
  /** Whether results can be drawn on images. */
  readonly canDraw: boolean
  /** Whether each result is a vector that a `.npy` file can hold. */
  readonly hasVectors: boolean
  /**
   * Whether a model belongs to the task by its `inference.yml`, `infer_cfg.yml` or `deploy.yaml`; `config` is
   * undefined without one.
   */
  recognises(config: ModelConfig | undefined): boolean
  load(): Promise<TaskDefinition<Options>>
}

/** The options of a task, completed from the model's own file. */
interface TaskPlan {
  readonly preprocessing: Preprocessing
  /** The size that the program declares, if it is used because no file says how to feed the model. */
  readonly declared?: DeclaredSize | undefined
}

/** The implementation of a task. */
export interface TaskDefinition<
  Options extends ImageInputOptions = ImageInputOptions,
  Fields extends object = object,
  Plan extends TaskPlan = TaskPlan,
> {
  /**
   * Completes the options from the model's own file.
   *
   * @throws PaddleError MODEL_NOT_FOUND, MODEL_CONFIG_INVALID, MODEL_UNSUITABLE, LABELS_INVALID; TypeError or
   * RangeError for options that conflict with each other or with the model
   */
  plan(model: string, options: Options): Promise<Plan>
  /** Starts loading a model; loading errors appear with the first result. @throws as `plan` */
  open(model: string, options: Options): Promise<OpenTask<Fields>>
  /** The steps of a run, for tracing one. */
  steps(model: string, plan: Plan, options: Options): Task<ImageSource, unknown, Fields, BatchOptions>
  /**
   * The options that determine the results, by flag name, without those for reading images and those of the
   * predictor.
   */
  settings(plan: Plan, options: Options): Readonly<Record<string, unknown>>
  readonly results: ResultForms<Fields>
  readonly reference: ReferenceComparison<Fields, Plan>
}

/** A model that is loaded or loading for a task. */
export interface OpenTask<Fields extends object = object> extends AsyncDisposable {
  readonly pool: PredictorPool
  /** The step that progress events name: `Classifying images`. */
  readonly step: string
  /** Resolves when the model is loaded. */
  ready(): Promise<void>
  run<Source extends ImageSource>(
    images: ImageSources<Source>,
    options: BatchOptions,
  ): AsyncIterable<ImageResult<Fields, Source>>
  /** Runs the network on blank images; absent where images differ in size. */
  warmUp?(runs: number, options: Pick<BatchOptions, 'batchSize' | 'signal'>): Promise<void>
}

/** The result of an image: the fields of its task, or its error. */
export type ImageResult<Fields extends object = object, Source extends ImageSource = ImageSource> =
  ({ readonly image: Source; readonly error?: never } & Fields) | Failure<Source>

/** The kind of values in a CSV column. */
type ColumnKind = 'count' | 'float' | 'text'

/** How results are written and drawn. */
export interface ResultForms<Fields extends object> {
  /** The fields of the JSON object, after `image`. */
  json(fields: Fields): object
  /**
   * One line for each class, box or segment, as the tutorial's `infer.py` prints it after the image name.
   *
   * @param write - writes each number that can be rounded
   */
  text(fields: Fields, write: WriteNumber): readonly string[]
  /** The columns between `image` and `errorCode`, and one row for each class, box, segment or vector. */
  readonly columns: Readonly<Record<string, ColumnKind>>
  rows(fields: Fields): readonly (readonly (string | number | undefined)[])[]
  /** The marks to draw on the image. */
  marks(fields: Fields): readonly Mark[]
  /**
   * The class of each pixel of the image, which `--save-dir` blends over the image and saves as a PNG; absent
   * where results have none.
   */
  labelMap?(fields: Fields): LabelMap
  /** The row of a `.npy` file; absent where results are not vectors. */
  vector?(fields: Fields): Float32Array
}

/** How `verify` compares results with those of plain Python. */
interface ReferenceComparison<Fields extends object, Plan extends TaskPlan> {
  /** How plain Python post-processes the outputs. */
  postProcess(plan: Plan, pool: Pick<PredictorPool, 'inputs'>): PlainPostProcess
  compare(fields: Fields, plain: PlainRun, plan: Plan): Verdict
}
