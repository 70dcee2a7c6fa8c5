import { checkConstructor, constructorKey, type ConstructorKey } from '../../constructor-key.js'
import { PaddleError } from '../../errors.js'
import { type ImageSource, type RgbImage } from '../../image/index.js'
import { anyModelAdvice } from '../../model/index.js'
import { watchFinite } from '../finite-results.js'
import { FixedSizeTask } from '../fixed-size-task.js'
import { imageFeed, sizeKind, takesOneByOne } from '../image-input/image-batch.js'
import { pixelSteps } from '../image-input/image-steps.js'
import type { ImageSources } from '../image-input/sources.js'
import { vectorPorts, vectorsIn } from '../image-input/vector-network.js'
import { batchForm, type BatchOptions, type OneOptions } from '../options.js'
import type { Task } from '../task.js'
import { attributesOf, outputsOf } from './attributes.js'
import type { Recognition, Recognized, RecognizerOptions } from './options.js'
import { planRecognizer, type RecognizerPlan } from './recognizer-plan.js'

/** The fields of an image's result. */
export type RecognizerFields = Pick<Recognized, 'attributes'>

/**
 * A model for the attributes of persons, vehicles, faces or pictures of tables (PaddleClas): a network whose
 * input is a float32 [N,3,H,W] and whose output is a float32 [N,values] of 26, 19, 40 or 6 values.
 *
 * @example
 * await using recognizer = await AttributeRecognizer.load('person_attribute')
 * for await (const { image, attributes, error } of recognizer.recognize(paths)) {
 *   console.log(image, attributes?.map(({ name, value }) => `${name}: ${value}`) ?? error.message)
 * }
 */
export class AttributeRecognizer extends FixedSizeTask<RecognizerFields, BatchOptions> {
  private constructor(key: ConstructorKey, model: string, plan: RecognizerPlan, options: RecognizerOptions) {
    checkConstructor(key, 'AttributeRecognizer', 'await AttributeRecognizer.load(model)')
    super(model, recognizeTask(model, plan, options), plan.size, options)
  }

  /**
   * Loads a model in one or several Python processes.
   *
   * @param model - a model folder, a prefix (`model/inference`) or the program's file, with its `inference.yml`
   * next to it
   * @throws PaddleError as `createPredictor`, MODEL_CONFIG_INVALID, MODEL_UNSUITABLE; TypeError or RangeError
   * for invalid options. Nothing is left running then.
   */
  static async load(model: string, options: RecognizerOptions = {}): Promise<AttributeRecognizer> {
    return (await AttributeRecognizer.open(model, options)).loaded()
  }

  /**
   * Starts loading a model without waiting for it: images are read and decoded meanwhile. `recognize` and
   * `warmUp` throw errors of the model before the first result.
   *
   * @throws PaddleError MODEL_NOT_FOUND, MODEL_CONFIG_INVALID, MODEL_UNSUITABLE; TypeError or RangeError for
   * invalid options
   */
  static async open(model: string, options: RecognizerOptions = {}): Promise<AttributeRecognizer> {
    return new AttributeRecognizer(constructorKey, model, await planRecognizer(model, options), options)
  }

  /**
   * Recognizes the attributes in each image and yields the results in input order, as
   * `ImageClassifier.classify` does.
   *
   * @throws PaddleError ABORTED, and what `Predictor.run` throws; TypeError or RangeError for invalid options
   */
  recognize<Source extends ImageSource>(
    images: ImageSources<Source>,
    options: BatchOptions = {},
  ): AsyncGenerator<Recognition<Source>, void, undefined> {
    return this.answers(images, options)
  }

  /**
   * Recognizes the attributes in one image. Calls that wait while the workers are busy share a batch.
   *
   * @throws PaddleError IMAGE_NOT_FOUND, IMAGE_UNREADABLE and the other errors of an image, QUEUE_FULL, ABORTED,
   * and what `Predictor.run` throws; TypeError or RangeError for a list of images or invalid options
   */
  async recognizeOne<Source extends ImageSource>(
    image: Source,
    options: OneOptions = {},
  ): Promise<Recognized<Source>> {
    return this.answer(image, options, { one: 'recognizeOne', several: 'recognize' })
  }
}

/** The step that progress events name. */
export const recognizing = 'Recognizing attributes'

/** The steps of recognizing attributes. */
export function recognizeTask(
  model: string,
  { preprocessing, reading }: RecognizerPlan,
  options: RecognizerOptions,
): Task<ImageSource, RgbImage, RecognizerFields, BatchOptions> {
  const needed = outputsOf[reading.scheme]
  const checkFinite = watchFinite(model, 'values', options.onWarning)
  return {
    doing: recognizing,
    step: recognizing,
    form: batchForm,
    ...pixelSteps(preprocessing, options),
    kindOf: sizeKind,
    connect: (pool) => {
      const ports = vectorPorts(pool, preprocessing.planes, 'values')
      if (typeof ports === 'string') throw unsuitable(ports)
      const { input, output, length = needed } = ports
      if (length !== needed)
        throw unsuitable(`it has ${length} outputs, but its configuration file reads ${needed}`)
      return {
        oneByOne: takesOneByOne(pool),
        feeds: (batch, times) => ({ [input]: imageFeed(batch, preprocessing, times) }),
        values: (outputs, { length: images }, _, nameOf) => {
          const scores = vectorsIn(outputs, output, images, needed)
          if (typeof scores === 'string') throw unsuitable(scores)
          return scores.map((values, index) => {
            checkFinite(values, () => nameOf(index))
            return { attributes: attributesOf(values, reading) }
          })
        },
      }
    },
  }

  function unsuitable(why: string): PaddleError {
    return new PaddleError('MODEL_UNSUITABLE', `${model} is not a model for attributes: ${why}.`, {
      advice: anyModelAdvice,
    })
  }
}
