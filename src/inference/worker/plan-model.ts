import { AsyncResource } from 'node:async_hooks'
import { access } from 'node:fs/promises'
import { isAbsolute, resolve } from 'node:path'
import type { CreateRequest, RecordedCall } from '../../bridge/index.js'
import { PaddleError, wrongType, wrongValue } from '../../errors.js'
import { ambiguityWarning, bufferFormat, locateModel, type ModelFiles } from '../../model/index.js'
import { checkOptions, pick } from '../../options/index.js'
import { checkPlatform } from '../../platform.js'
import { wording } from '../../wording.js'
import { Config } from '../config/index.js'
import { requestedOneDnn } from '../config/one-dnn-calls.js'
import { startForm, toConfig, type PredictorOptions, type StartOptions } from '../options/index.js'
import { warn } from '../../warnings.js'
import { ModelPlan } from './launch-plan.js'

/** Devices that do not use oneDNN. */
const otherDevice = /^enable(?:UseGpu|Xpu|Ipu|CustomDevice)$/

/**
 * Locates the model files and settles how the model is loaded. Reads the Config at once, so later changes to
 * it have no effect.
 *
 * @param name - the title in error messages for a model without a path
 */
export function planModel(
  configOrOptions: Config | PredictorOptions,
  options: StartOptions,
  name = 'the model in memory',
): () => Promise<ModelPlan> {
  const config = configOrOptions instanceof Config ? configOrOptions : toConfig(configOrOptions)
  const { model, params, calls, python } = config
  if (model === undefined) throw wrongType('model', 'a Config with a model', undefined)
  const { strict, strictShapes, onWarning } = checkOptions(
    startForm,
    config === configOrOptions ? options : pick(startForm, options),
  )
  const prepare = prepareOf(options.prepare)
  // Warnings run in the async context of the call that created the predictor, not in that of a later run.
  const notify = warn.bind(undefined, onWarning && AsyncResource.bind(onWarning))
  checkPlatform()
  return async () => {
    if (prepare) await checkPrepare(prepare.file)
    const buffers = typeof model === 'string' ? undefined : model
    const files: ModelFiles = buffers
      ? { format: bufferFormat(buffers), program: name }
      : await locateModel(model as string, params)
    const ambiguity = ambiguityWarning(files)
    if (ambiguity !== undefined) notify({ code: 'MODEL_AMBIGUOUS', message: ambiguity })
    const { format, program, params: found = null } = files
    return new ModelPlan({
      files,
      request: { format, program, params: found, calls, strict, prepare },
      buffers,
      python: options.python ?? python,
      allowsOneDnnFallback: allowsOneDnnFallback(calls),
      strictShapes,
      warn: notify,
    })
  }
}

/** Whether the fallback may disable oneDNN: the caller did not request it, and the device uses it. */
export function allowsOneDnnFallback(calls: readonly RecordedCall[]): boolean {
  return requestedOneDnn(calls) === 'auto' && !calls.some(({ name }) => otherDevice.test(name))
}

function prepareOf(prepare: unknown): CreateRequest['prepare'] {
  if (prepare === undefined) return null
  const expected = 'a Python function as `FILE.py:FUNCTION`'
  if (typeof prepare !== 'string') throw wrongType('prepare', expected, prepare)
  const [, file, name] = /^(.+):(\w+)$/s.exec(prepare) ?? []
  if (file === undefined || name === undefined) throw wrongValue('prepare', expected, prepare)
  return { file: isAbsolute(file) ? file : resolve(file), function: name }
}

async function checkPrepare(file: string): Promise<void> {
  try {
    await access(file)
  } catch (cause) {
    throw new PaddleError('PREPARE_FAILED', `There is no Python file at ${file}.`, {
      cause,
      advice: wording`Name one: ${{ option: 'prepare', value: 'FILE.py:FUNCTION' }}.`,
    })
  }
}
