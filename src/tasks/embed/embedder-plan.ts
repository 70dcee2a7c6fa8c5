import { PaddleError } from '../../errors.js'
import { locateModel, readModelConfig, type Preprocessing, type Size } from '../../model/index.js'
import { checkOptions } from '../../options/index.js'
import { fixedSize, planSizes } from '../image-input/fixed-size.js'
import { otherTaskAdvice } from '../task-from-config.js'
import { embedderForm, type EmbedderOptions } from './options.js'

/** How images are fed to a feature model: from the options, else the model's own file, else the tutorial. */
export interface EmbedderPlan {
  readonly preprocessing: Preprocessing
  /** The size of every image when it is fed. */
  readonly size: Size
}

/**
 * @throws PaddleError MODEL_NOT_FOUND, MODEL_CONFIG_INVALID, MODEL_UNSUITABLE; TypeError or RangeError for
 * invalid options
 */
export async function planEmbedder(model: string, options: EmbedderOptions = {}): Promise<EmbedderPlan> {
  checkOptions(embedderForm, options)
  const config = await readModelConfig(await locateModel(model, options.params))
  const kind = config?.postProcess?.kind
  if (kind !== undefined && kind !== 'features') {
    throw new PaddleError(
      'MODEL_UNSUITABLE',
      `${model} is not a feature model: ${config?.file ?? ''} says that it outputs ${kind === 'boxes' ? kind : 'classes'}.`,
      { advice: otherTaskAdvice(config) },
    )
  }
  const preprocessing = planSizes(config, options)
  return { preprocessing, size: fixedSize(config, preprocessing) }
}
