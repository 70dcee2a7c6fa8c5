import { checkConstructor, constructorKey, type ConstructorKey } from '../../constructor-key.js'
import { type ImageSource, type RgbImage } from '../../image/index.js'
import { watchFinite } from '../finite-results.js'
import { FixedSizeTask } from '../fixed-size-task.js'
import { warnOfAssumedSize } from '../image-input/assumed-size.js'
import { imageFeed, sizeKind, takesOneByOne } from '../image-input/image-batch.js'
import { pixelSteps } from '../image-input/image-steps.js'
import type { ImageSources } from '../image-input/sources.js'
import { batchForm, type BatchOptions, type OneOptions } from '../options.js'
import type { Task } from '../task.js'
import { binarize } from './binarize.js'
import { planEmbedder, type EmbedderPlan } from './embedder-plan.js'
import type { Embedded, EmbedderOptions, Embedding } from './options.js'
import { checkBinarized, embedderPorts, vectorsOf } from './vectors.js'

/** The fields of an image's result. */
export type EmbedderFields = Pick<Embedded, 'embedding'>

/**
 * A feature model: a network whose input is a float32 [N,3,H,W] and whose output is a float32 [N,values].
 * Images that look alike get vectors with a large dot product, or where the model's file has `Binarize`, bytes
 * that differ in few bits.
 *
 * @example
 * await using embedder = await ImageEmbedder.load('PP-ShiTuV2_rec')
 * for await (const { image, embedding, error } of embedder.embed(paths)) {
 *   console.log(image, embedding?.length ?? error.message)
 * }
 */
export class ImageEmbedder extends FixedSizeTask<EmbedderFields, BatchOptions> {
  private constructor(key: ConstructorKey, model: string, plan: EmbedderPlan, options: EmbedderOptions) {
    checkConstructor(key, 'ImageEmbedder', 'await ImageEmbedder.load(model)')
    super(model, embedTask(model, plan, options), plan.size, options)
  }

  /**
   * Loads a model in one or several Python processes.
   *
   * @param model - a model folder, a prefix (`model/inference`) or the program's file
   * @throws PaddleError as `createPredictor`, MODEL_CONFIG_INVALID, MODEL_UNSUITABLE; TypeError or RangeError
   * for invalid options. Nothing is left running then.
   */
  static async load(model: string, options: EmbedderOptions = {}): Promise<ImageEmbedder> {
    return (await ImageEmbedder.open(model, options)).loaded()
  }

  /**
   * Starts loading a model without waiting for it: images are read and decoded meanwhile. `embed` and
   * `warmUp` throw errors of the model before the first result.
   *
   * @throws PaddleError MODEL_NOT_FOUND, MODEL_CONFIG_INVALID; TypeError or RangeError for invalid options
   */
  static async open(model: string, options: EmbedderOptions = {}): Promise<ImageEmbedder> {
    return new ImageEmbedder(constructorKey, model, await planEmbedder(model, options), options)
  }

  /**
   * Computes the feature vector of each image and yields the results in input order, as
   * `ImageClassifier.classify` does.
   *
   * @throws PaddleError ABORTED, and what `Predictor.run` throws; TypeError or RangeError for invalid options
   */
  embed<Source extends ImageSource>(
    images: ImageSources<Source>,
    options: BatchOptions = {},
  ): AsyncGenerator<Embedding<Source>, void, undefined> {
    return this.answers(images, options)
  }

  /**
   * Computes the feature vector of one image. Calls that wait while the workers are busy share a batch.
   *
   * @throws PaddleError IMAGE_NOT_FOUND, IMAGE_UNREADABLE and the other errors of an image, QUEUE_FULL, ABORTED,
   * and what `Predictor.run` throws; TypeError or RangeError for a list of images or invalid options
   */
  async embedOne<Source extends ImageSource>(
    image: Source,
    options: OneOptions = {},
  ): Promise<Embedded<Source>> {
    return this.answer(image, options, { one: 'embedOne', several: 'embed' })
  }
}

/** The step that progress events name. */
export const embedding = 'Computing feature vectors'

/** The steps of computing feature vectors. */
export function embedTask(
  model: string,
  { preprocessing, declared, binarize: how }: EmbedderPlan,
  options: EmbedderOptions,
): Task<ImageSource, RgbImage, EmbedderFields, BatchOptions> {
  warnOfAssumedSize(model, declared, options)
  const checkFinite = watchFinite(model, 'values', options.onWarning)
  return {
    doing: embedding,
    step: embedding,
    form: batchForm,
    ...pixelSteps(preprocessing, options),
    kindOf: sizeKind,
    connect: (pool) => {
      const { input, output } = embedderPorts(model, pool, preprocessing.planes)
      let length: number | undefined
      return {
        oneByOne: takesOneByOne(pool),
        feeds: (batch, times) => ({ [input]: imageFeed(batch, preprocessing, times) }),
        values: (outputs, { length: images }, _, nameOf) => {
          const vectors = vectorsOf(model, output, outputs, images, length)
          length = vectors[0]?.length
          if (how !== undefined) checkBinarized(model, length ?? 0)
          return vectors.map((vector, index) => {
            checkFinite(vector, () => nameOf(index))
            return { embedding: how === undefined ? vector : binarize(vector, how) }
          })
        },
      }
    },
  }
}
