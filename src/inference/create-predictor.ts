import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { Worker, type CreateRequest } from '../bridge/index.js'
import { PaddleError, wrongType } from '../errors.js'
import { locateModel, type ModelFiles } from '../model/index.js'
import { Config } from './config.js'
import { Lanes } from './lanes.js'
import { startOptionNames, toConfig, type PredictorOptions, type StartOptions } from './options.js'
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
  const fromConfig = configOrOptions instanceof Config
  const config = fromConfig ? configOrOptions : toConfig(configOrOptions)
  const options: StartOptions = fromConfig ? (startOptions ?? {}) : pick(configOrOptions)
  const what = 'Creating the predictor'
  checkWait(options, startOptionNames, what)
  // Read at once: a Config may be changed for the next predictor while this one is made.
  const { model, params, calls } = config
  if (model === undefined) throw wrongType('model', 'a Config with a model', undefined)
  return withLimits(options, what, async (stop) => {
    const files = await filesOf(model, params)
    stop.throwIfAborted()
    const lanes = new Lanes(LANES)
    try {
      const request: CreateRequest = { ...files, params: files.params ?? null, calls }
      const worker = await Worker.start({ python: options.python, lanes: lanes.all, model: request }, stop)
      return new Predictor(worker, lanes)
    } catch (error) {
      lanes.close()
      throw error
    }
  })
}

function pick({ python, signal, timeoutMs }: PredictorOptions): StartOptions {
  return { python, signal, timeoutMs }
}

async function filesOf(model: string, params: string | undefined): Promise<ModelFiles> {
  const files = await locateModel(model)
  if (params === undefined) return files
  try {
    await access(params)
  } catch (cause) {
    throw new PaddleError(
      'MODEL_PARAMS_NOT_FOUND',
      `There is no parameters file at ${params}.\nName the .pdiparams that belongs to ${files.program}.`,
      { cause },
    )
  }
  const separate = files.format === '__model__' && files.params === undefined
  return { ...files, program: separate ? join(files.program, '__model__') : files.program, params }
}
