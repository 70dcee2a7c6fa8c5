import {
  locateModel,
  readModelConfig,
  type DeclaredSize,
  type Preprocessing,
  type Size,
} from '../../model/index.js'
import { checkOptions } from '../../options/index.js'
import { warn } from '../../warnings.js'
import { assumedSize } from '../image-input/assumed-size.js'
import { fixedSize, planSizes } from '../image-input/fixed-size.js'
import { modelOfOtherTask } from '../task-from-config.js'
import { embedderForm, type EmbedderOptions } from './options.js'

/** How images are fed to a feature model: from the options, else the model's own file, else the tutorial. */
export interface EmbedderPlan {
  readonly preprocessing: Preprocessing
  /** The size that the program declares, if it is used because no file says how to feed the model. */
  readonly declared: DeclaredSize | undefined
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
  const declared = await assumedSize(files, config)
  const preprocessing = planSizes(config, options, declared)
  return { preprocessing, declared, size: fixedSize(config, preprocessing) }
}
