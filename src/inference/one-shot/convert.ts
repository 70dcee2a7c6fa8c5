import { randomUUID } from 'node:crypto'
import { mkdir, realpath } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { withLimits } from '../../async/index.js'
import { callOnce, type TensorInfo } from '../../bridge/index.js'
import { PaddleError, wrongValue } from '../../errors.js'
import { withoutLeftovers } from '../../leftovers.js'
import { writeFailure } from '../../write-failure.js'
import { locateModel } from '../../model/index.js'
import { modelOutsideArchive } from '../../outside-archive.js'
import { fillConvertOptions, type ConvertOptions, type FilledConvertOptions } from './convert-options.js'

/** The result of a conversion. */
export interface ConvertedModel {
  /** The folder, as given; pass it to `createPredictor({ model })`. */
  readonly folder: string
  /** The paths of the files, the program first. */
  readonly files: readonly string[]
  /** The number of operators that compute in the new precision. */
  readonly operators: number
  /** The inputs that the converted program declares. */
  readonly inputs: readonly TensorInfo[]
  readonly outputs: readonly TensorInfo[]
}

/**
 * Converts a float32 model to mixed precision (`paddle.inference.convert_to_mixed_precision`): smaller files,
 * and faster runs on the target device. A CPU runs only few operators in fp16, and with 2.6 none.
 *
 * Paddle converts the operators that the wheel supports on the device, so use a wheel for that device. If no
 * operator is converted, which paddle does not report, the call fails. Both files are written or neither is;
 * existing ones from an earlier conversion are replaced.
 *
 * @throws PaddleError CONVERT_FAILED, CONVERT_TARGET_UNUSABLE, MODEL_NOT_FOUND, MODEL_PARAMS_NOT_FOUND,
 * MODEL_LOAD_FAILED, ENVIRONMENT_NOT_READY, PYTHON_NOT_FOUND, PADDLE_…, WORKER_…, ABORTED, TIMEOUT; TypeError
 * or RangeError for invalid options.
 *
 * @example
 * await convertToMixedPrecision({ model: 'model', outputDir: 'model-fp16', precision: 'fp16' })
 */
export async function convertToMixedPrecision(options: ConvertOptions): Promise<ConvertedModel> {
  const filled = fillConvertOptions(options)
  return withLimits(filled, `Converting ${filled.model}`, async (signal) => convert(filled, signal))
}

async function convert(options: FilledConvertOptions, signal: AbortSignal): Promise<ConvertedModel> {
  const { outputDir, python, precision, backend, keepIoTypes, blackList, whiteList } = options
  const { format, program, params } = await locateModel(options.model, options.params)
  if (await containsFile(outputDir, program)) {
    throw wrongValue('outputDir', 'a folder other than the model’s', outputDir)
  }
  const staging = `.paddle-ts-convert-${randomUUID()}`
  return withoutLeftovers(outputDir, staging, async () => {
    await makeFolder(outputDir)
    const request = {
      ...{ precision, backend, keepIoTypes, blackList, whiteList },
      model: modelOutsideArchive({ format, program, params: params ?? null }),
      folder: resolve(outputDir),
      staging,
    }
    const title = `Paddle could not convert ${program}`
    const call = { python, signal, failure: 'CONVERT_FAILED', title } as const
    const { operators, inputs, outputs, params: withParams } = await callOnce('convertModel', request, call)
    const names = ['inference.pdmodel', ...(withParams ? ['inference.pdiparams'] : [])]
    return {
      folder: outputDir,
      files: names.map((name) => join(outputDir, name)),
      operators,
      inputs,
      outputs,
    }
  })
}

/** Whether the folder contains the program, or is the program. */
async function containsFile(folder: string, program: string): Promise<boolean> {
  const target = await realpath(folder).catch(() => resolve(folder))
  const source = await realpath(program)
  return source === target || dirname(source) === target
}

/** Creates the folder if it is missing. @throws PaddleError CONVERT_TARGET_UNUSABLE */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
  } catch (error) {
    const { why, advice } = writeFailure(folder, error, 'another folder')
    throw new PaddleError(
      'CONVERT_TARGET_UNUSABLE',
      `The converted files cannot be written into ${folder} ${why}.`,
      { cause: error, advice },
    )
  }
}
