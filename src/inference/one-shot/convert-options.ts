import { wrongValue } from '../../errors.js'
import {
  boolean,
  checkOptions,
  list,
  or,
  path,
  required,
  text,
  word,
  type Filled,
  type Form,
} from '../../options/index.js'
import { callForm, type CallOptions } from '../options/call-options.js'

export interface ConvertOptions extends CallOptions {
  /** The model to convert: a folder, a prefix (`model/inference`) or the program's file; not a `.json`. */
  readonly model: string
  /** The parameters file. @default beside the program */
  readonly params?: string | undefined
  /**
   * The folder for `inference.pdmodel` and `inference.pdiparams`, created if missing. Must not be the model's
   * folder.
   */
  readonly outputDir: string
  /** The precision of the converted operators; `bf16` requires the backend `gpu`. */
  readonly precision: 'fp16' | 'bf16'
  /** The target device; paddle supports no others. @default 'gpu' */
  readonly backend?: 'gpu' | 'xpu' | 'custom' | undefined
  /** Whether inputs and outputs stay float32. @default true */
  readonly keepIoTypes?: boolean | undefined
  /** Operator types that are not converted. @default none */
  readonly blackList?: readonly string[] | undefined
  /**
   * Operator types that are converted even if the wheel does not support them on the device, such as a CPU
   * wheel.
   * @default none
   */
  readonly whiteList?: readonly string[] | undefined
}

const operators = list(text, 'an array of names of operators')

export const convertForm = {
  ...callForm,
  model: required(path('the path of a model')),
  params: path('the path of a parameters file'),
  outputDir: required(path('the path of a folder')),
  precision: required(word('fp16', 'bf16')),
  backend: or(word('gpu', 'xpu', 'custom'), 'gpu'),
  keepIoTypes: or(boolean, true),
  blackList: or(operators, []),
  whiteList: or(operators, []),
} satisfies Form<ConvertOptions>

export type FilledConvertOptions = Filled<typeof convertForm>

/** @throws TypeError or RangeError for an invalid option. */
export function fillConvertOptions(options: ConvertOptions): FilledConvertOptions {
  const filled = checkOptions(convertForm, options)
  if (filled.backend !== 'gpu' && filled.precision === 'bf16') {
    throw wrongValue('precision', `\`fp16\` for backend \`${filled.backend}\``, filled.precision)
  }
  return filled
}
