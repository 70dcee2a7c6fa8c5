import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import { findInterpreter, importError, type Interpreter } from '../environment/index.js'
import { errorCodes, PaddleError, throwIfAborted, type ErrorCode } from '../errors.js'
import { withoutLeftovers } from '../leftovers.js'
import { readLabels } from '../model/index.js'
import { checkPlatform } from '../platform.js'
import { warn } from '../warnings.js'
import { describeDeath, startScript, type Death } from '../python/index.js'
import { formatInputSpec } from './input-spec.js'
import { fillExportOptions, type ExportOptions, type FilledExportOptions } from './options.js'

/** The result of an export. */
export interface ExportedModel {
  /** The folder as given; pass it to `createPredictor({ model })`. */
  readonly folder: string
  /** The paths of the files, the program first. */
  readonly files: readonly string[]
}

/**
 * Exports a classification network of `paddle.vision.models` as a model for `paddle.inference`: one input
 * `input`, float32 [-1, 3, imgSize, imgSize] (LeNet: [-1, 1, 28, 28]), one output, float32 [-1, numClasses].
 *
 * Either all files appear in the folder or none does. Files of an earlier export are replaced, others remain.
 *
 * @throws PaddleError EXPORT_UNKNOWN_MODEL, EXPORT_WEIGHTS_INVALID, EXPORT_DOWNLOAD_FAILED,
 * EXPORT_TARGET_UNUSABLE, EXPORT_FAILED, LABELS_INVALID, DEVICE_UNAVAILABLE, ENVIRONMENT_NOT_READY,
 * PYTHON_NOT_FOUND, PADDLE_…, ABORTED; TypeError or RangeError for invalid options.
 *
 * @example
 * const { folder } = await exportModel({ model: 'mobilenet_v3_small', saveInferenceDir: 'model' })
 */
export async function exportModel(options: ExportOptions = {}): Promise<ExportedModel> {
  const filled = fillExportOptions(options)
  const { model, saveInferenceDir: folder, python, signal, labels, onWarning } = filled
  throwIfAborted(signal, `The export of ${model}`)
  checkPlatform()
  const names =
    typeof labels === 'string'
      ? await readLabels(labels, { onNotUtf8: warn.bind(undefined, onWarning) })
      : (labels ?? null)
  const interpreter = await findInterpreter({ python })
  const staging = `.paddle-ts-export-${randomUUID()}`
  return withoutLeftovers(folder, staging, async () => {
    const written = await runExport(interpreter, filled, { staging, labels: names })
    return { folder, files: written.map((name) => join(folder, name)) }
  })
}

/** How long the Python process may clean up after an abort before it is killed. */
const tidyMs = 2000

/** Runs `python/export_model.py` to its end. @returns the names of the files it wrote */
async function runExport(
  interpreter: Interpreter,
  options: FilledExportOptions,
  request: ExportRequest,
): Promise<readonly string[]> {
  const { model, signal, onProgress } = options
  const args = [...flagsOf(options), '--driven']
  await using script = startScript(interpreter.path, 'export_model.py', { args, signal, tidyMs })
  script.send(request)
  let last: ExportMessage | undefined
  const death = await script.forEach(messageForm, (message) => {
    last = message
    if (!('progress' in message)) return
    const { step, done, total } = message.progress
    onProgress?.({ step, ...(done !== undefined && total !== undefined && { done, total }) })
  })
  if (last && 'files' in last) return last.files
  throwIfAborted(signal, `The export of ${model}`)
  if (last && 'error' in last) throw new PaddleError(codeFrom(last.error.code), last.error.message)
  if (last && 'importError' in last) throw importError(interpreter.path, last.importError, interpreter.source)
  throw endedEarly(interpreter, model, death)
}

/** Uses `--flag=value`, so that no value is parsed as a flag. */
function flagsOf(options: FilledExportOptions): string[] {
  const { model, saveInferenceDir, imgSize, numClasses, device, format, seed, softmax, pretrained } = options
  const { modelArgs, inputSpec = [] } = options
  const values = {
    model,
    'save-inference-dir': saveInferenceDir,
    'model-args': modelArgs && JSON.stringify(modelArgs),
    'img-size': imgSize,
    'num-classes': numClasses,
    device,
    format,
    seed,
    pretrained: typeof pretrained === 'string' ? pretrained : undefined,
  }
  return [
    ...Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`])),
    ...inputSpec.map((input) => `--input-spec=${formatInputSpec(input)}`),
    ...(pretrained === true ? ['--pretrained'] : []),
    softmax ? '--softmax' : '--no-softmax',
  ]
}

function codeFrom(code: string): ErrorCode {
  return Object.hasOwn(errorCodes, code) ? (code as ErrorCode) : 'EXPORT_FAILED'
}

function endedEarly(interpreter: Interpreter, model: string, death: Death): PaddleError {
  if (death.signal === 'SIGILL') return importError(interpreter.path, death, interpreter.source)
  const remedy =
    death.signal === 'SIGKILL'
      ? 'If nobody killed it, the machine has too little memory for this network: use a smaller one.'
      : 'Check the Python installation: paddle-ts doctor'
  return new PaddleError(
    'EXPORT_FAILED',
    `The export of ${model} failed: ${interpreter.path} ${describeDeath(death)}`,
    { advice: remedy },
  )
}

/** The request to `python/export_model.py`, which `python/paddle_export/request.py` reads. */
interface ExportRequest {
  /** The name of the temporary folder, inside the target folder, that the files are written to. */
  readonly staging: string
  readonly labels: readonly string[] | null
}

const progress = z.object({ step: z.string(), done: z.number().optional(), total: z.number().optional() })

/** A message from `python/paddle_export/reporter.py`. All but `progress` are final. */
const messageForm = z.union([
  z.object({ progress }),
  z.object({ files: z.array(z.string()) }),
  z.object({ error: z.object({ code: z.string(), message: z.string() }) }),
  z.object({ importError: z.object({ type: z.string(), message: z.string() }) }),
])

type ExportMessage = z.infer<typeof messageForm>
