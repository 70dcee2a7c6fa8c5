import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { findInterpreter } from '../environment/index.js'
import { throwIfAborted } from '../errors.js'
import { withoutLeftovers } from '../leftovers.js'
import { readLabels } from '../model/index.js'
import { fillExportOptions, type ExportOptions } from './options.js'
import { runExport } from './run-export.js'

/** What an export has written. */
export interface ExportedModel {
  /** The folder, as it was given: what `createPredictor({ model })` takes. */
  readonly folder: string
  /** The paths of the files in it, the program first. */
  readonly files: readonly string[]
}

/**
 * Exports a classification network of `paddle.vision.models` as a model for `paddle.inference`: one input `input`, float32
 * [-1, 3, imgSize, imgSize] (LeNet: [-1, 1, 28, 28]), one output, float32 [-1, numClasses].
 *
 * All files appear in the folder together, or none does. Those of an earlier export are replaced, others are left alone.
 *
 * @throws PaddleError EXPORT_UNKNOWN_MODEL, EXPORT_WEIGHTS_INVALID, EXPORT_DOWNLOAD_FAILED, EXPORT_TARGET_UNUSABLE,
 * EXPORT_FAILED, LABELS_INVALID, DEVICE_UNAVAILABLE, ENVIRONMENT_NOT_READY, PYTHON_NOT_FOUND, PADDLE_…, ABORTED;
 * TypeError or RangeError for wrong options.
 *
 * @example
 * const { folder } = await exportModel({ model: 'mobilenet_v3_small', saveInferenceDir: 'model' })
 */
export async function exportModel(options: ExportOptions = {}): Promise<ExportedModel> {
  const filled = fillExportOptions(options)
  const { model, saveInferenceDir: folder, python, signal, labels } = filled
  throwIfAborted(signal, `The export of ${model}`)
  const names = typeof labels === 'string' ? await readLabels(labels) : (labels ?? null)
  const interpreter = await findInterpreter({ python })
  const staging = `.paddle-ts-export-${randomUUID()}`
  return withoutLeftovers(folder, staging, async () => {
    const written = await runExport(interpreter, filled, { staging, labels: names })
    return { folder, files: written.map((name) => join(folder, name)) }
  })
}
