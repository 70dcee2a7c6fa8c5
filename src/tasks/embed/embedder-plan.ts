import { locateModel, readModelConfig, type Preprocessing, type Size } from '../../model/index.js'
import { checkOptions } from '../../options/index.js'
import { warn } from '../../warnings.js'
import { fixedSize, planSizes } from '../image-input/fixed-size.js'
import { modelOfOtherTask } from '../task-from-config.js'
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
  const files = await locateModel(model, options.params)
  const config = await readModelConfig(files, warn.bind(undefined, options.onWarning))
  if (config?.postProcess && config.postProcess.kind !== 'features')
    throw modelOfOtherTask(model, 'a feature model', config)
  const preprocessing = planSizes(config, options)
  return { preprocessing, size: fixedSize(config, preprocessing) }
}
