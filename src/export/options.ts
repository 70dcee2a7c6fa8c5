import { checkInteger, checkNames, checkOneOf, wrongType, wrongValue } from '../errors.js'
import type { ProgressListener } from '../progress.js'
import { readInputSpecs, type InputSpec } from './input-spec.js'
import { checkModelArgs, type ModelArgs } from './model-args.js'
import { isOwnNetwork, misplacedOption, placeOf } from './own-network.js'

/** In which of Paddle's formats the program is written. */
export type ExportFormat = (typeof exportFormats)[number]

export const exportFormats = ['pdmodel', 'json', 'both'] as const

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

export const exportDefaults = {
  model: 'mobilenet_v3_small',
  saveInferenceDir: '.',
  pretrained: false,
  device: 'cpu',
  format: 'pdmodel',
  softmax: true,
} as const satisfies ExportOptions

/** The options, checked and filled in; what is left out is the network's own to say. */
export interface FilledExportOptions extends Omit<ExportOptions, 'inputSpec'> {
  readonly model: string
  readonly saveInferenceDir: string
  readonly pretrained: boolean | string
  readonly device: 'cpu' | 'gpu'
  readonly format: ExportFormat
  readonly softmax: boolean
  readonly inputSpec?: readonly InputSpec[]
}

type Check = (name: string, value: unknown) => void

const checks: { readonly [Name in keyof Required<ExportOptions>]: Check } = {
  model: text,
  modelArgs: checkModelArgs,
  inputSpec: readInputSpecs,
  imgSize: integerFrom(1),
  saveInferenceDir: text,
  pretrained: (name, value) => {
    if (typeof value !== 'boolean') text(name, value, 'a boolean or the path of a .pdparams file')
  },
  numClasses: integerFrom(1),
  device: oneOf('cpu', 'gpu'),
  format: oneOf(...exportFormats),
  seed: integerFrom(0, 'an integer from 0 on'),
  softmax: (name, value) => {
    if (typeof value !== 'boolean') throw wrongType(name, 'a boolean', value)
  },
  labels: (name, value) => {
    const expected = 'an array of strings or the path of a file'
    if (!Array.isArray(value)) text(name, value, expected)
    else if (!value.every((label) => typeof label === 'string')) throw wrongType(name, expected, value)
  },
  python: text,
  signal: (name, value) => {
    if (!(value instanceof AbortSignal)) throw wrongType(name, 'an AbortSignal', value)
  },
  onProgress: (name, value) => {
    if (typeof value !== 'function') throw wrongType(name, 'a function', value)
  },
}

/** @throws TypeError or RangeError for an option that cannot be used. */
export function fillExportOptions(options: ExportOptions): FilledExportOptions {
  const given: unknown = options
  if (typeof given !== 'object' || given === null) throw wrongType('options', 'an object', given)
  checkNames(options, Object.keys(checks))
  const known = Object.entries(options).filter(([, value]) => value !== undefined)
  for (const [name, value] of known) checks[name as keyof ExportOptions](name, value)
  const { inputSpec, ...rest } = Object.fromEntries(known) as ExportOptions
  const { model = exportDefaults.model } = rest
  const misplaced = misplacedOption(model, options)
  if (misplaced) throw new TypeError(`\`${misplaced}\` ${placeOf(model)} only, not with ${model}.`)
  return {
    ...exportDefaults,
    softmax: !isOwnNetwork(model),
    ...rest,
    ...(inputSpec && { inputSpec: readInputSpecs('inputSpec', inputSpec) }),
  } as FilledExportOptions
}

function text(name: string, value: unknown, expected = 'a string'): void {
  if (typeof value !== 'string') throw wrongType(name, expected, value)
  if (value === '' || value.includes('\0')) throw wrongValue(name, 'a string that is not empty', value)
}

function integerFrom(least: number, expected?: string): Check {
  return (name, value) => {
    checkInteger(name, value, least, expected)
  }
}

function oneOf(...values: readonly string[]): Check {
  const quoted = values.map((value) => `\`${value}\``)
  const expected = `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1) ?? ''}`
  return (name, value) => {
    checkOneOf(name, values, value, expected)
  }
}
