import { access } from 'node:fs/promises'
import { Worker, type CreateRequest } from '../bridge/index.js'
import { PaddleError, wrongType } from '../errors.js'
import { locateModel, type ModelFiles } from '../model/index.js'
import { Config } from './config.js'
import { Lanes } from './lanes.js'
import { toConfig, type PredictorOptions, type StartOptions } from './options.js'
import { Predictor } from './predictor.js'
import { checkWait, withLimits } from './waiting.js'

/** One run computes while the next one's feeds are written. */
const LANES = 2

/**
 * Loads a model in a Python process of its own (`create_predictor`).
 *
 * @throws PaddleError MODEL_NOT_FOUND, MODEL_PARAMS_NOT_FOUND, MODEL_LOAD_FAILED, DEVICE_UNAVAILABLE, ENVIRONMENT_NOT_READY,
 * PYTHON_NOT_FOUND, PADDLE_NOT_INSTALLED, PADDLE_IMPORT_FAILED, WORKER_START_FAILED, ABORTED, TIMEOUT; TypeError or RangeError for
 * wrong options. Nothing is left running then.
 *
 * @example
 * await using predictor = await createPredictor({ model: 'model', cpuThreads: 2 })
 * const { softmax } = await predictor.run({ image: tensor('float32', [1, 3, 224, 224], pixels) })
 */
export function createPredictor(options: PredictorOptions): Promise<Predictor>
export function createPredictor(config: Config, options?: StartOptions): Promise<Predictor>
export async function createPredictor(
  configOrOptions: Config | PredictorOptions,
  startOptions?: StartOptions,
): Promise<Predictor> {
  const [config, options] =
    configOrOptions instanceof Config
      ? [configOrOptions, startOptions ?? {}]
      : [toConfig(configOrOptions), configOrOptions]
  const what = 'Creating the predictor'
  checkWait(options, what)
  return withLimits(options, what, async (stop) => {
    const files = await filesOf(config)
    const lanes = new Lanes(LANES)
    try {
      stop.throwIfAborted()
      const worker = await Worker.start(
        { python: options.python, lanes: lanes.all, model: toRequest(files, config) },
        stop,
      )
      return new Predictor(worker, lanes)
    } catch (error) {
      lanes.close()
      throw error
    }
  })
}

async function filesOf(config: Config): Promise<ModelFiles> {
  if (config.model === undefined) throw wrongType('model', 'a Config with a model', undefined)
  const files = await locateModel(config.model)
  if (config.params === undefined) return files
  try {
    await access(config.params)
  } catch (cause) {
    throw new PaddleError(
      'MODEL_PARAMS_NOT_FOUND',
      `There is no parameters file at ${config.params}.\nName the .pdiparams that belongs to ${files.program}.`,
      { cause },
    )
  }
  return { ...files, params: config.params }
}

function toRequest(files: ModelFiles, config: Config): CreateRequest {
  return { format: files.format, program: files.program, params: files.params ?? null, calls: config.calls }
}
