import { PaddleError } from '../../errors.js'
import type { Preprocessing } from '../../model/index.js'
import { checkOptions } from '../../options/index.js'
import { configuredModel } from '../configured-model.js'
import { labelsFor, type Labels } from '../labels.js'
import { modelOfOtherTask } from '../task-from-config.js'
import { segmenterForm, type SegmenterOptions } from './options.js'

/** How a segmentation model treats images and outputs: from the options, else the model's own file. */
export interface SegmenterPlan {
  readonly preprocessing: Preprocessing
  /** How the map of classes is resized to the size of the image, as in the post-processing of the model's file. */
  readonly restoredBy?: 'nearest' | 'linear'
  readonly labels: Labels
}

/**
 * @throws PaddleError MODEL_NOT_FOUND, MODEL_CONFIG_INVALID, MODEL_UNSUITABLE, LABELS_INVALID; TypeError or
 * RangeError for invalid options
 */
export async function planSegmenter(model: string, options: SegmenterOptions = {}): Promise<SegmenterPlan> {
  checkOptions(segmenterForm, options)
  const { config } = await configuredModel(model, options)
  const { postProcess } = config ?? {}
  if (postProcess && postProcess.kind !== 'segments')
    throw modelOfOtherTask(model, 'a segmentation model', config)
  if (!config?.preprocessing || !postProcess) throw notSaid(model)
  const { restoredBy } = postProcess
  return {
    preprocessing: config.preprocessing,
    ...(restoredBy && { restoredBy }),
    labels: await labelsFor(options, config),
  }
}

function notSaid(model: string): PaddleError {
  return new PaddleError(
    'MODEL_CONFIG_INVALID',
    `The segmentation model ${model} has no preprocessing: there is no deploy.yaml or inference.yml that lists \`Deploy.transforms\`, and no model.yml of PaddleX, next to the model.`,
    { advice: 'Copy the file that PaddleSeg or PaddleX exported with the model.' },
  )
}
