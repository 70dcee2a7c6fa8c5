import type { Mark } from '../image/annotate/index.js'
import type { ImageSource } from '../image/index.js'
import type { PredictorPool } from '../inference/index.js'
import type { ModelConfig, Preprocessing } from '../model/index.js'
import type { Form } from '../options/index.js'
import type { PlainPostProcess, PlainRun } from '../reference/index.js'
import type { Wording } from '../wording.js'
import type { Verdict } from './comparison.js'
import type { ImageSources } from './image-input/sources.js'
import type { BatchOptions, Failure, ImageInputOptions } from './options.js'
import type { Task } from './task.js'

/** How the command line shows an option of a task. */
export interface TaskFlag {
  /** The heading of the help that it stands under. */
  readonly group: 'images' | 'answers'
  readonly describe: string
  /** The flag's name, unless it is the option's with dashes. */
  readonly name?: string
}

/** The options of a task that have a flag. */
export type TaskFlags<Options extends object> = { readonly [Name in keyof Options]?: TaskFlag }

/** What the command line needs to know of a task before it loads anything heavy. */
export interface TaskSpec<Options extends ImageInputOptions = ImageInputOptions> {
  /** A model of the task, with its article: `a classifier`. */
  readonly modelKind: string
  /** The class of the library that loads a model for the task. */
  readonly className: string
  /** The field of a result that no other task's result has: a list. */
  readonly resultField: string
  readonly form: Form<Options>
  readonly flags: TaskFlags<Options>
  /** Why the task does not take a flag of another task, by the option. */
  readonly refused: Readonly<Record<string, Wording>>
  /** Whether all images have one size when they are fed, so that the network can be run on blank ones. */
  readonly hasFixedSize: boolean
  /** Whether results can be drawn on their images. */
  readonly canDraw: boolean
  /** Whether each result is a vector, which a `.npy` file can hold. */
  readonly hasVectors: boolean
  /** Whether a model belongs to the task by what its `inference.yml` or `infer_cfg.yml` says; undefined where it has neither. */
  recognises(config: ModelConfig | undefined): boolean
  load(): Promise<TaskDefinition<Options>>
}

/** What a task does with a model: the options, completed by the model's own file. */
interface TaskPlan {
  readonly preprocessing: Preprocessing
}

/** Everything that is particular to a task. */
export interface TaskDefinition<
  Options extends ImageInputOptions = ImageInputOptions,
  Fields extends object = object,
  Plan extends TaskPlan = TaskPlan,
> {
  /**
   * Completes the options by the model's own file.
   *
   * @throws PaddleError MODEL_NOT_FOUND, MODEL_CONFIG_INVALID, MODEL_UNSUITABLE, LABELS_INVALID; TypeError or RangeError for options that
   * do not fit together, or the model
   */
  plan(model: string, options: Options): Promise<Plan>
  /** Begins to load a model; its errors are those of the first result. @throws as `plan` */
  open(model: string, options: Options): Promise<OpenTask<Fields>>
  /** The steps of a run, for whoever traces one. */
  steps(model: string, plan: Plan, options: Options): Task<ImageSource, unknown, Fields, BatchOptions>
  /** The settings that results depend on, by the names of the flags; those of reading and of the predictor are not among them. */
  settings(plan: Plan, options: Options): Readonly<Record<string, unknown>>
  readonly results: ResultForms<Fields>
  readonly reference: ReferenceComparison<Fields, Plan>
}

/** A model that is loaded, or being loaded, for a task. */
export interface OpenTask<Fields extends object = object> extends AsyncDisposable {
  readonly pool: PredictorPool
  /** What is being done, as progress says it: `Classifying images`. */
  readonly step: string
  /** Settles when the model is loaded. */
  ready(): Promise<void>
  run<Source extends ImageSource>(
    images: ImageSources<Source>,
    options: BatchOptions,
  ): AsyncIterable<ImageResult<Fields, Source>>
  /** Runs the network on blank images; left out where images differ in size. */
  warmUp?(runs: number, options: Pick<BatchOptions, 'batchSize' | 'signal'>): Promise<void>
}

/** The result of an image: the fields of its task, or its error. */
export type ImageResult<Fields extends object = object, Source extends ImageSource = ImageSource> =
  ({ readonly image: Source; readonly error?: never } & Fields) | Failure<Source>

/** What a column of a CSV file holds. */
type ColumnKind = 'count' | 'float' | 'text'

/** How results are written and drawn. */
export interface ResultForms<Fields extends object> {
  /** The fields of the JSON object, after `image`. */
  json(fields: Fields): object
  /** A text for each thing that was found, as the tutorial's `infer.py` prints it after the name of the image. */
  text(fields: Fields): readonly string[]
  /** The columns between `image` and `errorCode`, and a row for each thing that was found. */
  readonly columns: Readonly<Record<string, ColumnKind>>
  rows(fields: Fields): readonly (readonly (string | number | undefined)[])[]
  /** What is drawn on the image. */
  marks(fields: Fields): readonly Mark[]
  /** The row of a `.npy` file; left out where results are no vectors. */
  vector?(fields: Fields): Float32Array
}

/** How `verify` compares results with those of plain Python. */
interface ReferenceComparison<Fields extends object, Plan extends TaskPlan> {
  /** How plain Python reads the outputs. */
  postProcess(plan: Plan, pool: Pick<PredictorPool, 'inputs'>): PlainPostProcess
  compare(fields: Fields, plain: PlainRun, plan: Plan): Verdict
}
