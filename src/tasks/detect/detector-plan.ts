import { PaddleError } from '../../errors.js'
import type { Preprocessing } from '../../model/index.js'
import { checkOptions } from '../../options/index.js'
import { configuredModel } from '../configured-model.js'
import { labelsFor, type Labels } from '../labels.js'
import { modelOfOtherTask } from '../task-from-config.js'
import type { BoxLimits } from './boxes.js'
import { detectorForm, detectorSection, type DetectorOptions } from './options.js'

/** How a detector treats images and outputs: from the options, else the model's own file. */
export interface DetectorPlan {
  readonly preprocessing: Preprocessing
  /** Which boxes are kept. */
  readonly limits: BoxLimits
  readonly labels: Labels
  /** The unit of the coordinates, depending on whether an input tells the network how to return original pixels. */
  readonly boxUnit: (returnsOriginal: boolean) => 'pixel' | 'fraction'
}

const defaultThreshold = 0.5

/** Families whose networks output fractions of the image's size when they have no `scale_factor`. */
const ofFractions: ReadonlySet<string> = new Set(['Face', 'SSD'])

/**
 * @throws PaddleError MODEL_NOT_FOUND, MODEL_CONFIG_INVALID, LABELS_INVALID; TypeError or RangeError for
 * invalid options
 */
export async function planDetector(model: string, options: DetectorOptions = {}): Promise<DetectorPlan> {
  const { boxUnit, threshold } = checkOptions(detectorForm, options)
  const { config } = await configuredModel(model, options, detectorSection)
  if (!config?.preprocessing) throw notSaid(model)
  const { postProcess } = config
  if (postProcess && postProcess.kind !== 'boxes') throw modelOfOtherTask(model, 'an object detector', config)
  if (config.preprocessing.steps.some(({ step }) => step === 'crop')) {
    throw new PaddleError(
      'MODEL_CONFIG_INVALID',
      `${config.file} crops images, so objects outside the crop would not be detected.`,
      { advice: 'Remove the crop from the file.' },
    )
  }
  return {
    preprocessing: config.preprocessing,
    limits: withThreshold({ threshold: defaultThreshold, ...postProcess }, threshold),
    labels: await labelsFor(options, config),
    boxUnit: (returnsOriginal) =>
      boxUnit ?? (ofFractions.has(postProcess?.arch ?? '') && !returnsOriginal ? 'fraction' : 'pixel'),
  }
}

/** A threshold that is given applies to every class. */
export function withThreshold(limits: BoxLimits, given: number | undefined): BoxLimits {
  return given === undefined ? limits : { ...limits, threshold: given, ofClass: {} }
}

function notSaid(model: string): PaddleError {
  return new PaddleError(
    'MODEL_CONFIG_INVALID',
    `The detector ${model} has no preprocessing: there is no infer_cfg.yml or inference.yml that lists it next to the model.`,
    { advice: 'Copy the file that PaddleDetection exported with the model.' },
  )
}
