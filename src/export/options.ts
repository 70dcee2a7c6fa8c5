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
import type { WarningListener } from '../warnings.js'
import { wording } from '../wording.js'
import { readInputSpecs, type InputSpec } from './input-spec.js'

/** The format of the exported program. */
export type ExportFormat = (typeof exportFormats)[number]

const exportFormats = ['pdmodel', 'json', 'both'] as const

/** What to export, where and how. */
export interface ExportOptions {
  /**
   * The network: the name of one in `paddle.vision.models` (the error for an unknown name lists them), or one
   * of your own, `FILE.py:NAME`, a class or function that returns a `paddle.nn.Layer`. The code of the file
   * is executed.
   * @default 'mobilenet_v3_small'
   */
  readonly model?: string | undefined
  /**
   * The arguments for a network of your own: an object for keyword arguments, an array for positional ones.
   * @default none
   */
  readonly modelArgs?: ModelArgs | undefined
  /**
   * The inputs of a network of your own, as `'x:float32[-1,3]'` or
   * `{ name: 'x', dtype: 'float32', shape: [-1, 3] }`. They are matched to the parameters of `forward` by name,
   * or by order unless all names match.
   * @default none; each parameter of `forward` without a default needs one
   */
  readonly inputSpec?: readonly (string | InputSpec)[] | undefined
  /**
   * Height and width of the images in pixels; for a network of `paddle.vision.models`.
   * @default 224; LeNet only supports 28
   */
  readonly imgSize?: number | undefined
  /**
   * The folder to write to; created if it does not exist.
   * @default '.'
   */
  readonly saveInferenceDir?: string | undefined
  /**
   * The weights: random (`false`), Paddle's own (`true`, downloaded), or those of a `.pdparams` file. Reading
   * such a file can execute code in it: only use files that you trust.
   * @default false
   */
  readonly pretrained?: boolean | string | undefined
  /**
   * The number of classes; for a network of `paddle.vision.models`.
   * @default 1000; 10 for LeNet
   */
  readonly numClasses?: number | undefined
  /**
   * The device for tracing the network; the files are the same.
   * @default 'cpu'
   */
  readonly device?: 'cpu' | 'gpu' | undefined
  /**
   * `pdmodel` works with Paddle 2.6 and 3, `json` with Paddle 3 only; `both` writes two programs that share
   * their parameters.
   * @default 'pdmodel'
   */
  readonly format?: ExportFormat | undefined
  /**
   * Makes random weights reproducible.
   * @default different weights each time
   */
  readonly seed?: number | undefined
  /**
   * Whether to output probabilities instead of the network's own output.
   * @default true; false for a network of your own, where `true` requires a single output
   */
  readonly softmax?: boolean | undefined
  /**
   * The names of the classes, or a file with one a line, to write to an `inference.yml` beside the model. For
   * a network of `paddle.vision.models`.
   * @default none
   */
  readonly labels?: string | readonly string[] | undefined
  /**
   * The Python to use.
   * @default `PADDLE_TS_PYTHON`, else the managed one
   */
  readonly python?: string | undefined
  /** Aborts the export and removes everything unfinished. */
  readonly signal?: AbortSignal | undefined
  /** Called at each step. If it throws, the export stops as with `signal`, and the error is rethrown. */
  readonly onProgress?: ProgressListener | undefined
  /**
   * Called with the warning TEXT_NOT_UTF8 if the file of `labels` is not UTF-8.
   * @default emitted as a Node warning, `process.on('warning')`
   */
  readonly onWarning?: WarningListener | undefined
}

/** The defaults are the tutorial's folder and network; other omitted options depend on the network. */
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
  onWarning: callback<WarningListener>(),
} satisfies Form<ExportOptions>

/** The options, validated, with their defaults. */
export type FilledExportOptions = Filled<typeof exportForm> & { readonly softmax: boolean }

/** @throws TypeError or RangeError for an invalid option. */
export function fillExportOptions(options: ExportOptions): FilledExportOptions {
  const filled = checkOptions(exportForm, options)
  const { model } = filled
  const misplaced = misplacedOption(model, options)
  if (misplaced)
    throw callerTypeError(wording`${{ option: misplaced }} ${placeOf(model)} only, not to ${model}.`)
  return { ...filled, softmax: filled.softmax ?? !isOwnNetwork(model) }
}

/** A JSON value. */
type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }

/** The arguments for a network of your own: an object for keyword arguments, an array for positional ones. */
export type ModelArgs = readonly Json[] | Readonly<Record<string, Json>>

/** @throws TypeError or RangeError for values that JSON would drop or change. */
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

/** Whether `model` refers to a network of the user's own, `FILE.py:CLASS`. */
export function isOwnNetwork(model: string): boolean {
  return model.includes('.py:') || model.endsWith('.py')
}

/**
 * Returns an option that does not apply to this kind of network: a network of the user's own gets its sizes
 * from its arguments and inputs, and Paddle publishes no weights for it.
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

/** Names the networks that such an option applies to. */
export function placeOf(model: string): string {
  return isOwnNetwork(model)
    ? 'applies to networks of paddle.vision.models'
    : 'applies to networks of your own, FILE.py:CLASS,'
}
