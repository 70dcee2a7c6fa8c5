import { checkOneOf, checkPath, wrongType, wrongValue } from '../errors.js'
import { checkCallOptions, type CallOptions } from './call-options.js'

export interface ConvertOptions extends CallOptions {
  /** The model to convert: a folder, a prefix (`model/inference`) or the program's file; not a `.json`. */
  readonly model: string
  /** The file of its parameters. @default beside the program */
  readonly params?: string | undefined
  /** The folder to write `inference.pdmodel` and `inference.pdiparams` into; it is made. Not the model's own. */
  readonly outputDir: string
  /** What the operators compute in; `bf16` not for `xpu`. */
  readonly precision: 'fp16' | 'bf16'
  /** The device that the result is for; paddle converts for none else. @default 'gpu' */
  readonly backend?: 'gpu' | 'xpu' | 'custom' | undefined
  /** Whether inputs and outputs stay float32. @default true */
  readonly keepIoTypes?: boolean | undefined
  /** Types of operators that are not converted. @default none */
  readonly blackList?: readonly string[] | undefined
  /**
   * Types of operators that are converted even if the wheel knows none for the device, such as a CPU wheel.
   * @default none
   */
  readonly whiteList?: readonly string[] | undefined
}

const convertDefaults = { backend: 'gpu', keepIoTypes: true, blackList: [], whiteList: [] } as const

/** The options, checked and filled in. */
export interface FilledConvertOptions extends ConvertOptions {
  readonly backend: 'gpu' | 'xpu' | 'custom'
  readonly keepIoTypes: boolean
  readonly blackList: readonly string[]
  readonly whiteList: readonly string[]
}

const precisions = ['fp16', 'bf16']
const backends = ['gpu', 'xpu', 'custom']
const names = [
  'model',
  'params',
  'outputDir',
  'precision',
  'backend',
  'keepIoTypes',
  'blackList',
  'whiteList',
]

/** @throws TypeError or RangeError for an option that cannot be used. */
export function fillConvertOptions(options: ConvertOptions, what: string): FilledConvertOptions {
  checkCallOptions(options, what, names)
  const known = Object.entries(options).filter(([, value]) => value !== undefined)
  const filled: FilledConvertOptions = {
    ...convertDefaults,
    ...(Object.fromEntries(known) as ConvertOptions & FilledConvertOptions),
  }
  checkPath('model', 'the path of a model', filled.model)
  if (filled.params !== undefined) checkPath('params', 'the path of a parameters file', filled.params)
  checkPath('outputDir', 'the path of a folder', filled.outputDir)
  checkOneOf('precision', precisions, filled.precision)
  checkOneOf('backend', backends, filled.backend)
  if (typeof filled.keepIoTypes !== 'boolean') throw wrongType('keepIoTypes', 'a boolean', filled.keepIoTypes)
  checkList('blackList', filled.blackList)
  checkList('whiteList', filled.whiteList)
  if (filled.backend !== 'gpu' && filled.precision === 'bf16') {
    throw wrongValue('precision', `\`fp16\` for backend \`${filled.backend}\``, filled.precision)
  }
  return filled
}

function checkList(name: string, value: unknown): void {
  const expected = 'an array of names of operators'
  if (!Array.isArray(value)) throw wrongType(name, expected, value)
  if (!value.every((each) => typeof each === 'string' && each !== '')) throw wrongType(name, expected, value)
}
