import { PaddleError } from '../../errors.js'
import type { FloatStep, Preprocessing } from '../../model/index.js'
import { checkOptions } from '../../options/index.js'
import { configuredModel } from '../configured-model.js'
import { labelsFor, type Labels } from '../labels.js'
import { modelOfOtherTask } from '../task-from-config.js'
import { segmenterForm, type SegmenterOptions } from './options.js'

/** How a segmentation model treats images and outputs: from the options, else the model's own file. */
export interface SegmenterPlan {
  readonly preprocessing: Preprocessing & { readonly floatSteps: readonly FloatStep[] }
  readonly labels: Labels
}

/**
 * @throws PaddleError MODEL_NOT_FOUND, MODEL_CONFIG_INVALID, MODEL_UNSUITABLE, LABELS_INVALID; TypeError or
 * RangeError for invalid options
 */
export async function planSegmenter(model: string, options: SegmenterOptions = {}): Promise<SegmenterPlan> {
  checkOptions(segmenterForm, options)
  const { config } = await configuredModel(model, options)
  if (config?.postProcess && config.postProcess.kind !== 'segments')
    throw modelOfOtherTask(model, 'a segmentation model', config)
  const { floatSteps } = config?.preprocessing ?? {}
  if (!config?.preprocessing || !floatSteps) throw notSaid(model)
  return {
    preprocessing: { ...config.preprocessing, floatSteps },
    labels: await labelsFor(options, config),
  }
}

function notSaid(model: string): PaddleError {
  return new PaddleError(
    'MODEL_CONFIG_INVALID',
    `The segmentation model ${model} has no preprocessing: there is no deploy.yaml or inference.yml that lists \`Deploy.transforms\` next to the model.`,
    { advice: 'Copy the file that PaddleSeg exported with the model.' },
  )
}
