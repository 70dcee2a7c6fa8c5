import { PaddleError } from '../../errors.js'
import { type AttributePostProcess, type Preprocessing, type Size } from '../../model/index.js'
import { checkOptions } from '../../options/index.js'
import { configuredModel } from '../configured-model.js'
import { planSizes, squareSize } from '../image-input/fixed-size.js'
import { modelOfOtherTask } from '../task-from-config.js'
import { recognizerForm, type RecognizerOptions } from './options.js'

/** How a model for attributes treats images and outputs, from the options and the model's own file. */
export interface RecognizerPlan {
  readonly preprocessing: Preprocessing
  /** The size of a square image when it is fed. */
  readonly size: Size
  readonly reading: AttributePostProcess
}

/**
 * @throws PaddleError MODEL_NOT_FOUND, MODEL_CONFIG_INVALID, MODEL_UNSUITABLE; TypeError or RangeError for
 * invalid options
 */
export async function planRecognizer(
  model: string,
  options: RecognizerOptions = {},
): Promise<RecognizerPlan> {
  checkOptions(recognizerForm, options)
  const { config } = await configuredModel(model, options)
  const reading = config?.postProcess
  if (reading && reading.kind !== 'attributes')
    throw modelOfOtherTask(model, 'a model for attributes', config)
  if (!reading) {
    throw new PaddleError(
      'MODEL_CONFIG_INVALID',
      `The model ${model} does not say which attributes it outputs: there is no inference.yml next to it that has PersonAttribute, VehicleAttribute, FaceAttribute or TableAttribute in its PostProcess.`,
      { advice: 'Copy the file of PaddleClas that belongs to the model to inference.yml beside it.' },
    )
  }
  const preprocessing = planSizes(config, options)
  return { preprocessing, size: squareSize(config, preprocessing), reading }
}
