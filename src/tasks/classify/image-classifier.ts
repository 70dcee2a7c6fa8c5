import { checkConstructor, constructorKey, type ConstructorKey } from '../../constructor-key.js'
import { inputSize, type ImageSource, type RgbImage } from '../../image/index.js'
import { defaultModelFolder } from '../../package-files.js'
import { watchFinite } from '../finite-results.js'
import { FixedSizeTask } from '../fixed-size-task.js'
import { warnOfAssumedSize } from '../image-input/assumed-size.js'
import { imageFeed, sizeKind, takesOneByOne } from '../image-input/image-batch.js'
import { pixelSteps } from '../image-input/image-steps.js'
import type { ImageSources } from '../image-input/sources.js'
import { checkLabels } from '../labels.js'
import { type OneOptions } from '../options.js'
import type { Task } from '../task.js'
import { planClassifier, postProcessWith, type ClassifierPlan } from './classifier-plan.js'
import { checkPostProcess, classifierPorts, scoresOf } from './classifier-signature.js'
import {
  classifyForm,
  type Answer,
  type Classification,
  type ClassifierOptions,
  type ClassifyOptions,
} from './options.js'
import { predictionsOf } from './predictions.js'
import { watchImages } from './unfamiliar-images.js'

/** The fields of an image's result. */
export type ClassifierFields = Pick<Answer, 'topK'>

/**
 * An image classifier: a network whose input is a float32 [N,3,H,W] and whose output is a float32
 * [N,classes].
 *
 * @example
 * await using classifier = await ImageClassifier.load('model')
 * for await (const { image, topK, error } of classifier.classify(paths, { topK: 5, batchSize: 8 })) {
 *   console.log(image, topK ?? error.message)
 * }
 */
export class ImageClassifier extends FixedSizeTask<ClassifierFields, ClassifyOptions> {
  private constructor(key: ConstructorKey, model: string, plan: ClassifierPlan, options: ClassifierOptions) {
    checkConstructor(key, 'ImageClassifier', 'await ImageClassifier.load(model)')
    super(model, classifyTask(model, plan, options), plan.size, options)
  }

  /**
   * Loads a model in one or several Python processes.
   *
   * @param model - a model folder, a prefix (`model/inference`) or the program's file. Defaults to the model
   * in the package: printed characters, 0 to 9 and A to Z, one per image
   * @throws PaddleError as `createPredictor`, MODEL_CONFIG_INVALID, MODEL_UNSUITABLE, LABELS_INVALID;
   * TypeError or RangeError for invalid options. Nothing is left running then.
   */
  static async load(model = defaultModelFolder, options: ClassifierOptions = {}): Promise<ImageClassifier> {
    return (await ImageClassifier.open(model, options)).loaded()
  }

  /**
   * Starts loading a model without waiting for it: images are read and decoded meanwhile. `classify` and
   * `warmUp` throw errors of the model before the first result.
   *
   * @throws PaddleError MODEL_NOT_FOUND, MODEL_CONFIG_INVALID, LABELS_INVALID; TypeError or RangeError for
   * invalid options
   */
  static async open(model = defaultModelFolder, options: ClassifierOptions = {}): Promise<ImageClassifier> {
    return new ImageClassifier(constructorKey, model, await planClassifier(model, options), options)
  }

  /**
   * Classifies images and yields their results in input order. An image that cannot be read has an `error`,
   * and the iteration continues. A batch whose worker died or took longer than `timeoutMs` is retried image
   * by image; an image that ends its workers again has the error IMAGE_QUARANTINED. Iterators are consumed on
   * demand: at most two batches for each worker are in progress, and as many images as two more batches hold.
   * A stream is one image.
   *
   * Leaving the loop early keeps only the classifier.
   *
   * @throws PaddleError ABORTED, and what `Predictor.run` throws; TypeError or RangeError for invalid options
   */
  classify<Source extends ImageSource>(
    images: ImageSources<Source>,
    options: ClassifyOptions = {},
  ): AsyncGenerator<Classification<Source>, void, undefined> {
    return this.answers(images, options)
  }

  /**
   * Classifies one image. Calls that wait while the workers are busy share a batch.
   *
   * @throws PaddleError IMAGE_NOT_FOUND, IMAGE_UNREADABLE and the other errors of an image, QUEUE_FULL, ABORTED,
   * and what `Predictor.run` throws; TypeError or RangeError for a list of images or invalid options
   */
  async classifyOne<Source extends ImageSource>(
    image: Source,
    options: OneOptions<ClassifyOptions> = {},
  ): Promise<Answer<Source>> {
    return this.answer(image, options, { one: 'classifyOne', several: 'classify' })
  }
}

/** The step that progress events name. */
export const classifying = 'Classifying images'

/** The steps of classifying images. */
export function classifyTask(
  model: string,
  { preprocessing, declared, reading, labels, isBuiltIn }: ClassifierPlan,
  options: ClassifierOptions,
): Task<ImageSource, RgbImage, ClassifierFields, ClassifyOptions> {
  warnOfAssumedSize(model, declared, options)
  const checkFinite = watchFinite(model, 'scores', options.onWarning)
  return {
    doing: 'Classifying',
    step: classifying,
    form: classifyForm,
    checkOptions: ({ topK }) => {
      postProcessWith(model, reading, topK)
    },
    ...pixelSteps(preprocessing, options),
    kindOf: (pixels) => sizeKind(inputSize(preprocessing, pixels)),
    connect: (pool) => {
      const { input, output, length: classes } = classifierPorts(model, pool, preprocessing.planes)
      const check = (count: number): void => {
        checkPostProcess(model, reading, count)
        checkLabels(model, labels, count)
      }
      if (classes !== undefined) check(classes)
      const watch = isBuiltIn ? watchImages(options.onWarning) : undefined
      return {
        oneByOne: takesOneByOne(pool),
        feeds: (batch, times) => ({ [input]: imageFeed(batch, preprocessing, times) }),
        values: (outputs, batch, runs, nameOf) => {
          const scores = scoresOf(model, output, outputs, batch.length)
          check(scores[0]?.length ?? 0)
          return scores.map((values, index) => {
            checkFinite(values, () => nameOf(index))
            const read = postProcessWith(model, reading, runs[index]?.topK)
            const image = batch[index]
            if (image) watch?.(image, values, nameOf(index))
            return { topK: predictionsOf(values, read, labels.names) }
          })
        },
      }
    },
  }
}
