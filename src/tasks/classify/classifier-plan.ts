import { callerTypeError } from '../../errors.js'
import { type DeclaredSize, type ModelConfig, type Preprocessing, type Size } from '../../model/index.js'
import { checkOptions } from '../../options/index.js'
import { wording, type Wording } from '../../wording.js'
import { configuredModel } from '../configured-model.js'
import { labelsFor, type Labels } from '../labels.js'
import { modelOfOtherTask } from '../task-from-config.js'
import { assumedSize } from '../image-input/assumed-size.js'
import { planSizes, squareSize } from '../image-input/fixed-size.js'
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
  /** The size of a square image when it is fed: that of every image unless the model's file only resizes. */
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
  const { files, config } = await configuredModel(model, options)
  const reading = readingFor(model, config, options)
  const declared = await assumedSize(files, config)
  const preprocessing = planSizes(config, options, declared)
  const size = squareSize(config, preprocessing)
  const labels = await labelsFor(options, config)
  return { preprocessing, declared, size, reading, labels, isBuiltIn: await isBuiltIn(files) }
}

function readingFor(
  model: string,
  config: ModelConfig | undefined,
  { topK, threshold }: ClassifierOptions,
): ScorePostProcess {
  const reading = config?.postProcess ?? { kind: 'best' }
  switch (reading.kind) {
    case 'best':
      if (threshold !== undefined)
        throw unneeded(model, 'threshold', 'its best classes whatever their scores', 'topK')
      return { kind: 'best', topK: topK ?? reading.topK ?? 1 }
    case 'scores':
      if (threshold !== undefined) throw callerTypeError(allScores(model, 'threshold'))
      return postProcessWith(model, reading, topK)
    case 'either':
      return postProcessWith(model, { ...reading, ...(threshold !== undefined && { threshold }) }, topK)
    case 'several':
      // The option holds for every class.
      return postProcessWith(model, threshold === undefined ? reading : { kind: 'several', threshold }, topK)
    default:
      throw modelOfOtherTask(model, 'an image classifier', config)
  }
}

/** Applies `topK`. @throws TypeError when the model does not return a number of best classes */
export function postProcessWith(
  model: string,
  reading: ScorePostProcess,
  topK: number | undefined,
): ScorePostProcess {
  if (topK === undefined) return reading
  if (reading.kind === 'best') return { ...reading, topK }
  if (reading.kind === 'scores') throw callerTypeError(allScores(model, 'topK'))
  throw unneeded(model, 'topK', 'classes by a threshold', 'threshold')
}

function allScores(model: string, name: string): Wording {
  return wording`${{ option: name }} is not supported by ${model}, which returns all its scores (ScoreOutput): omit it.`
}

function unneeded(model: string, name: string, returned: string, instead: string): TypeError {
  return callerTypeError(
    wording`${{ option: name }} is not supported by ${model}, which returns ${returned}: omit it or set ${{ option: instead }}.`,
  )
}
