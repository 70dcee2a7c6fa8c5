import { withLimits } from '../../async/index.js'
import { callOnce, type InspectReply } from '../../bridge/index.js'
import { locateModel, type ModelFormat } from '../../model/index.js'
import { checkOptions, path, type Form } from '../../options/index.js'
import { callForm, type CallOptions } from '../options/call-options.js'

export interface InspectOptions extends CallOptions {
  /** The file of the parameters. @default beside the program */
  readonly params?: string | undefined
}

const inspectForm = {
  ...callForm,
  params: path('the path of a parameters file'),
} satisfies Form<InspectOptions>

/** What a model's files say. */
export interface ModelInspection extends Omit<InspectReply, 'writtenBy'> {
  readonly format: ModelFormat
  /** The program's file; for a `__model__` with separate parameter files, the folder that holds them all. */
  readonly program: string
  /** The file of all parameters, where there is one. */
  readonly params: string | undefined
  /** The programs that could have been meant too, the next best first. */
  readonly passedOver: readonly string[]
  /** Why the one that was taken comes before those. */
  readonly reason: string | undefined
  /** The version of paddle that wrote it, where the file says so: `3.3.1`; a `.json` says `3.3`. */
  readonly writtenBy: string | undefined
}

/**
 * Looks into a model without loading it: its files and their bytes, inputs and outputs (-1 is a dynamic dimension), operators by type
 * over all blocks, parameters. Starts a Python process and ends it: 1 to 2 seconds.
 *
 * @param model A folder, a prefix (`model/inference`) or the program's file.
 * @throws PaddleError MODEL_NOT_FOUND, MODEL_PARAMS_NOT_FOUND, MODEL_LOAD_FAILED for a damaged program, ENVIRONMENT_NOT_READY,
 * PYTHON_NOT_FOUND, PADDLE_…, WORKER_…, ABORTED, TIMEOUT; TypeError or RangeError for wrong options.
 *
 * @example
 * const { inputs, operators } = await inspectModel('model')
 */
export async function inspectModel(model: string, options: InspectOptions = {}): Promise<ModelInspection> {
  path('the path of a model').check('model', model)
  const what = `Inspecting ${model}`
  checkOptions(inspectForm, options)
  return withLimits(options, what, async (signal) => {
    const { format, program, params, passedOver = [], reason } = await locateModel(model, options.params)
    const { writtenBy, ...said } = await callOnce(
      'inspectModel',
      { format, program, params: params ?? null },
      {
        python: options.python,
        signal,
        failure: 'MODEL_LOAD_FAILED',
        title: `${program} cannot be looked into`,
      },
    )
    return { format, program, params, passedOver, reason, writtenBy: writtenBy ?? undefined, ...said }
  })
}
