import { callerTypeError, wrongType, wrongValue } from '../errors.js'
import {
  abortSignal,
  anyText,
  boolean,
  callback,
  checkOptions,
  count,
  either,
  kindBy,
  list,
  or,
  path,
  text,
  word,
  type Filled,
  type Form,
} from '../options/index.js'
import type { ProgressListener } from '../progress.js'
import { readInputSpecs, type InputSpec } from './input-spec.js'

/** In which of Paddle's formats the program is written. */
export type ExportFormat = (typeof exportFormats)[number]

const exportFormats = ['pdmodel', 'json', 'both'] as const

/** What to export, where to and how. */
export interface ExportOptions {
  /**
   * The network: one of `paddle.vision.models` by its name (an unknown one is answered with the list), or one of your own,
   * `FILE.py:NAME`, a class or a function that gives a `paddle.nn.Layer`. It runs the file's code.
   * @default 'mobilenet_v3_small'
   */
  readonly model?: string | undefined
  /**
   * What a network of your own is called with: an object becomes keyword arguments, an array positional ones.
   * @default none
   */
  readonly modelArgs?: ModelArgs | undefined
  /**
   * The inputs of a network of your own, each as `'x:float32[-1,3]'` or `{ name: 'x', dtype: 'float32', shape: [-1, 3] }`. They are the
   * parameters of its `forward` of the same names or, where not all are named so, in this order.
   * @default none; each parameter of `forward` without a default needs one
   */
  readonly inputSpec?: readonly (string | InputSpec)[] | undefined
  /**
   * Height and width of the images, in pixels; for a network of `paddle.vision.models`.
   * @default 224; LeNet takes 28 only
   */
  readonly imgSize?: number | undefined
  /**
   * The folder to write into; it is made.
   * @default '.'
   */
  readonly saveInferenceDir?: string | undefined
  /**
   * The weights: random ones, Paddle's own (`true`, downloaded), or those of a `.pdparams` file. Reading such a file
   * can run code that it holds: give only one that you trust.
   * @default false
   */
  readonly pretrained?: boolean | string | undefined
  /**
   * How many classes the answer has; for a network of `paddle.vision.models`.
   * @default 1000; 10 for LeNet
   */
  readonly numClasses?: number | undefined
  /**
   * Where the network is traced; the files are the same.
   * @default 'cpu'
   */
  readonly device?: 'cpu' | 'gpu' | undefined
  /**
   * `pdmodel` is read by Paddle 2.6 and 3, `json` by Paddle 3 only; `both` writes two programs that share their parameters.
   * @default 'pdmodel'
   */
  readonly format?: ExportFormat | undefined
  /**
   * Makes the random weights the same each time.
   * @default other ones each time
   */
  readonly seed?: number | undefined
  /**
   * Whether the answer is probabilities, rather than the network's own output.
   * @default true; false for a network of your own, where it needs one output only
   */
  readonly softmax?: boolean | undefined
  /**
   * The names of the classes, or the file that holds them, a line each: they go into an `inference.yml` beside the model. For a
   * network of `paddle.vision.models`.
   * @default none
   */
  readonly labels?: string | readonly string[] | undefined
  /**
   * The Python to use.
   * @default `PADDLE_TS_PYTHON`, else the managed one
   */
  readonly python?: string | undefined
  /** Ends the export; nothing half made stays. */
  readonly signal?: AbortSignal | undefined
  /** Called at each step. An exception stops the export as `signal` does, and is rethrown. */
  readonly onProgress?: ProgressListener | undefined
}

/** The folder of the tutorial, and its network; what is left out beside is the network's own to say. */
export const exportForm = {
  model: or(text, 'mobilenet_v3_small'),
  modelArgs: kindBy<ModelArgs>((name, value) => {
    checkModelArgs(name, value)
    return value as ModelArgs
  }),
  inputSpec: kindBy(readInputSpecs),
  imgSize: count(1),
  saveInferenceDir: or(path(), '.'),
  pretrained: or(either(boolean, path('the path of a .pdparams file')), false),
  numClasses: count(1),
  device: or(word('cpu', 'gpu'), 'cpu'),
  format: or(word(...exportFormats), 'pdmodel'),
  seed: count(0),
  softmax: boolean,
  labels: either(list(anyText, 'an array of strings'), path('the path of a file')),
  python: path(),
  signal: abortSignal,
  onProgress: callback<ProgressListener>(),
} satisfies Form<ExportOptions>

/** The options, checked and filled in. */
export type FilledExportOptions = Filled<typeof exportForm> & { readonly softmax: boolean }

/** @throws TypeError or RangeError for an option that cannot be used. */
export function fillExportOptions(options: ExportOptions): FilledExportOptions {
  const filled = checkOptions(exportForm, options)
  const { model } = filled
  const misplaced = misplacedOption(model, options)
  if (misplaced) throw callerTypeError(`\`${misplaced}\` ${placeOf(model)} only, not with ${model}.`)
  return { ...filled, softmax: filled.softmax ?? !isOwnNetwork(model) }
}

/** What JSON can hold. */
type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }

/** What a network of one's own is called with: an object becomes keyword arguments, an array positional ones. */
export type ModelArgs = readonly Json[] | Readonly<Record<string, Json>>

/** @throws TypeError or RangeError for what JSON would drop or change. */
function checkModelArgs(option: string, given: unknown): void {
  if (typeof given !== 'object' || given === null) {
    throw wrongType(option, 'an object or an array of arguments', given)
  }
  checkJson(option, given)
}

function checkJson(option: string, value: unknown): void {
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      checkJson(`${option}[${index}]`, item)
    })
  } else if (typeof value === 'object' && value !== null) {
    if (Object.prototype.toString.call(value) !== '[object Object]') throw wrongType(option, 'JSON', value)
    for (const [name, item] of Object.entries(value)) checkJson(`${option}.${name}`, item)
  } else if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw wrongValue(option, 'a finite number', value)
  } else if (value !== null && typeof value !== 'string' && typeof value !== 'boolean') {
    throw wrongType(option, 'JSON', value)
  }
}

/** Whether `model` names a network of the user's own, `FILE.py:CLASS`. */
export function isOwnNetwork(model: string): boolean {
  return model.includes('.py:') || model.endsWith('.py')
}

/**
 * The option that does not go with the kind of network: a network of one's own has its sizes from its arguments and inputs, and
 * Paddle publishes no weights for it.
 */
export function misplacedOption(
  model: string,
  options: { readonly [Name in keyof ExportOptions]?: unknown },
): keyof ExportOptions | undefined {
  const ofPaddles = ['imgSize', 'numClasses', 'labels'] as const
  const ofOnesOwn = ['modelArgs', 'inputSpec'] as const
  if (isOwnNetwork(model) && options.pretrained === true) return 'pretrained'
  const wrong = isOwnNetwork(model) ? ofPaddles : ofOnesOwn
  return wrong.find((name) => options[name] !== undefined)
}

/** With which networks such an option goes. */
export function placeOf(model: string): string {
  return isOwnNetwork(model)
    ? 'goes with a network of paddle.vision.models'
    : 'goes with a network of your own, FILE.py:CLASS,'
}
