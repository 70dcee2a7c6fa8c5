import { type DeclaredSize, type Preprocessing, type Size } from '../../model/index.js'
import { checkOptions } from '../../options/index.js'
import { configuredModel } from '../configured-model.js'
import { assumedSize } from '../image-input/assumed-size.js'
import { planSizes, squareSize } from '../image-input/fixed-size.js'
import { modelOfOtherTask } from '../task-from-config.js'
import type { Binarization } from './binarize.js'
import { embedderForm, featuresSection, type EmbedderOptions } from './options.js'

/** How images are fed to a feature model: from the options, else the model's own file, else the tutorial. */
export interface EmbedderPlan {
  readonly preprocessing: Preprocessing
  /** The size that the program declares, if it is used because no file says how to feed the model. */
  readonly declared: DeclaredSize | undefined
  /** The size of a square image when it is fed: that of every image unless the model's file only resizes. */
  readonly size: Size
  /** How each value becomes one bit; absent where vectors are not reduced. */
  readonly binarize?: Binarization
}

/**
 * @throws PaddleError MODEL_NOT_FOUND, MODEL_CONFIG_INVALID, MODEL_UNSUITABLE; TypeError or RangeError for
 * invalid options
 */
export async function planEmbedder(model: string, options: EmbedderOptions = {}): Promise<EmbedderPlan> {
  checkOptions(embedderForm, options)
  const { files, config } = await configuredModel(model, options, featuresSection)
  const reading = config?.postProcess
  if (reading && reading.kind !== 'features') throw modelOfOtherTask(model, 'a feature model', config)
  const declared = await assumedSize(files, config)
  const preprocessing = planSizes(config, options, declared)
  return {
    preprocessing,
    declared,
    size: squareSize(config, preprocessing),
    ...(reading?.binarize && { binarize: reading.binarize }),
  }
}
