import { withLimits } from '../../async/index.js'
import { callOnce, type InspectReply } from '../../bridge/index.js'
import { locateModel, type ModelFormat } from '../../model/index.js'
import { checkOptions, path, type Form } from '../../options/index.js'
import { modelOutsideArchive } from '../../outside-archive.js'
import { callForm, type CallOptions } from '../options/call-options.js'

export interface InspectOptions extends CallOptions {
  /** The parameters file. @default beside the program */
  readonly params?: string | undefined
}

const inspectForm = {
  ...callForm,
  params: path('the path of a parameters file'),
} satisfies Form<InspectOptions>

/** The contents of a model's files. */
export interface ModelInspection extends Omit<InspectReply, 'writtenBy'> {
  readonly format: ModelFormat
  /** The program file; for a `__model__` with separate parameter files, the folder that contains them. */
  readonly program: string
  /** The parameters file, if there is a single one. */
  readonly params: string | undefined
  /** The other candidate programs, best first. */
  readonly passedOver: readonly string[]
  /** Why the chosen program comes before them. */
  readonly reason: string | undefined
  /** The version of paddle that wrote it, if the file contains it: `3.3.1`; a `.json` contains `3.3`. */
  readonly writtenBy: string | undefined
}

/**
 * Inspects a model without loading it: its files and their sizes, inputs and outputs (-1 is a dynamic
 * dimension), operators by type over all blocks, parameters. Runs in its own Python process, which takes 1 to
 * 2 seconds.
 *
 * @param model A folder, a prefix (`model/inference`) or the program file.
 * @throws PaddleError MODEL_NOT_FOUND, MODEL_PARAMS_NOT_FOUND, MODEL_LOAD_FAILED for a damaged program,
 * ENVIRONMENT_NOT_READY, PYTHON_NOT_FOUND, PADDLE_…, WORKER_…, ABORTED, TIMEOUT; TypeError or RangeError for
 * invalid options.
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
      modelOutsideArchive({ format, program, params: params ?? null }),
      {
        python: options.python,
        signal,
        failure: 'MODEL_LOAD_FAILED',
        title: `${program} cannot be inspected`,
      },
    )
    return { format, program, params, passedOver, reason, writtenBy: writtenBy ?? undefined, ...said }
  })
}
