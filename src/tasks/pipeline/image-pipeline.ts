import { PaddleError } from '../../errors.js'
import { inputSize, type ImageSource, type PreparedImage } from '../../image/index.js'
import { configuredModel } from '../configured-model.js'
import { splitOutputs } from './custom-feeds.js'
import { imageFeeds, imageInputs, sizeKind, takesOneByOne } from '../image-input/image-batch.js'
import { imageSteps } from '../image-input/image-steps.js'
import { checkOutputs, watchFinite } from '../finite-results.js'
import { batchForm, type BatchOptions, type TaskOptions } from '../options.js'
import type { Ran, Task } from '../task.js'

/** How an image was resized before it was fed. */
export type ImageContext = Omit<PreparedImage, 'pixels'>

/** The properties that all pipelines share. */
export const pipelineDefaults = {
  doing: 'Running',
  defaultBatchSize: 1,
  form: batchForm,
} as const

/**
 * Feeds images as the model's own file describes.
 * @throws PaddleError MODEL_NOT_FOUND, MODEL_CONFIG_INVALID
 */
export async function imagePipelineTask(
  model: string,
  options: Pick<TaskOptions, 'params' | 'onWarning'>,
): Promise<Task<ImageSource, PreparedImage, Ran, BatchOptions>> {
  const { config } = await configuredModel(model, options)
  if (!config?.preprocessing) {
    throw new PaddleError(
      'MODEL_CONFIG_INVALID',
      `The model ${model} has no preprocessing: there is no inference.yml, infer_cfg.yml or deploy.yaml that lists it next to the model.`,
      { advice: 'Set `preprocess`.' },
    )
  }
  const { preprocessing } = config
  const checkFinite = watchFinite(model, 'outputs', options.onWarning)
  return {
    ...imageSteps(preprocessing, {}),
    ...pipelineDefaults,
    step: 'Running images',
    kindOf: ({ pixels }) => sizeKind(inputSize(preprocessing, pixels)),
    connect: (pool) => {
      const inputs = imageInputs(pool, preprocessing.planes)
      if (typeof inputs === 'string') {
        const what = `${model} does not run on images alone: ${inputs}.\nSet \`preprocess\` to create its feeds.`
        throw new PaddleError('MODEL_UNSUITABLE', what)
      }
      return {
        oneByOne: takesOneByOne(pool),
        feeds: (batch, times) => imageFeeds(inputs, batch, preprocessing, times),
        values: (outputs, batch, _, nameOf) => {
          const apart = splitOutputs(outputs, batch.length)
          for (const [index, own] of (apart ?? []).entries())
            checkOutputs(checkFinite, own, () => nameOf(index))
          return (
            apart &&
            batch.map(({ original, resized, scale }, index) => ({
              outputs: apart[index] ?? {},
              context: { original, resized, scale },
            }))
          )
        },
      }
    },
  }
}
