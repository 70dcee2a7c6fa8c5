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

/** @throws TypeError or RangeError for an option that cannot be used. */
export function fillConvertOptions(options: ConvertOptions): FilledConvertOptions {
  const filled = checkOptions(convertForm, options)
  if (filled.backend !== 'gpu' && filled.precision === 'bf16') {
    throw wrongValue('precision', `\`fp16\` for backend \`${filled.backend}\``, filled.precision)
  }
  return filled
}
