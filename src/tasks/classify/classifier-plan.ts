import { callerTypeError } from '../../errors.js'
import {
  locateModel,
  readModelConfig,
  type DeclaredSize,
  type ModelConfig,
  type Preprocessing,
  type Size,
} from '../../model/index.js'
import { checkOptions } from '../../options/index.js'
import { warn } from '../../warnings.js'
import { wording } from '../../wording.js'
import { labelsFor, type Labels } from '../labels.js'
import { modelOfOtherTask } from '../task-from-config.js'
import { assumedSize } from '../image-input/assumed-size.js'
import { fixedSize, planSizes } from '../image-input/fixed-size.js'
import { classifierForm, type ClassifierOptions } from './options.js'
import type { ScorePostProcess } from './predictions.js'
import { isBuiltIn } from './unfamiliar-images.js'

/**
 * How a classifier treats images and outputs: from the options, else the model's own file, else the tutorial.
 */
export interface ClassifierPlan {
  readonly preprocessing: Preprocessing
  /** The size that the program declares, if it is used because no file says how to feed the model. */
  readonly declared: DeclaredSize | undefined
  /** The size of every image when it is fed. */
  readonly size: Size
  readonly reading: ScorePostProcess
  readonly labels: Labels
  /** Whether it is the model of the package. */
  readonly isBuiltIn: boolean
}

/**
 * @throws PaddleError MODEL_NOT_FOUND, MODEL_CONFIG_INVALID, MODEL_UNSUITABLE, LABELS_INVALID; TypeError or
 * RangeError for invalid options
 */
export async function planClassifier(
  model: string,
  options: ClassifierOptions = {},
): Promise<ClassifierPlan> {
  checkOptions(classifierForm, options)
  const files = await locateModel(model, options.params)
  const config = await readModelConfig(files, warn.bind(undefined, options.onWarning))
  const reading = readingFor(model, config, options)
  const declared = await assumedSize(files, config)
  const preprocessing = planSizes(config, options, declared)
  const size = fixedSize(config, preprocessing)
  const labels = await labelsFor(options, config)
  return { preprocessing, declared, size, reading, labels, isBuiltIn: await isBuiltIn(files) }
}

function readingFor(
  model: string,
  config: ModelConfig | undefined,
  { topK, threshold }: ClassifierOptions,
): ScorePostProcess {
  const reading = config?.postProcess ?? { kind: 'best' }
  if (reading.kind === 'boxes' || reading.kind === 'features' || reading.kind === 'segments')
    throw modelOfOtherTask(model, 'an image classifier', config)
  if (reading.kind === 'best') {
    if (threshold !== undefined) {
      throw unneeded(model, 'threshold', 'its best classes whatever their scores', 'topK')
    }
    return { kind: 'best', topK: topK ?? reading.topK ?? 1 }
  }
  return postProcessWith(model, { ...reading, ...(threshold !== undefined && { threshold }) }, topK)
}

/** Applies `topK`. @throws TypeError when the model does not return a number of best classes */
export function postProcessWith(
  model: string,
  reading: ScorePostProcess,
  topK: number | undefined,
): ScorePostProcess {
  if (topK === undefined) return reading
  if (reading.kind === 'best') return { ...reading, topK }
  throw unneeded(model, 'topK', 'classes by a threshold', 'threshold')
}

function unneeded(model: string, name: string, returned: string, instead: string): TypeError {
  return callerTypeError(
    wording`${{ option: name }} is not supported by ${model}, which returns ${returned}: omit it or set ${{ option: instead }}.`,
  )
}
