import { watchFinite } from '../finite-results.js'
import { checkConstructor, constructorKey, type ConstructorKey } from '../../constructor-key.js'
import { inputCorner, inputSize, type ImageSource, type PreparedImage } from '../../image/index.js'
import { imageFeeds, sizeKind, takesOneByOne } from '../image-input/image-batch.js'
import { imageSteps } from '../image-input/image-steps.js'
import type { ImageSources } from '../image-input/sources.js'
import { ImageTask } from '../image-task.js'
import { type OneOptions } from '../options.js'
import type { Task } from '../task.js'
import { boxesOf } from './boxes.js'
import { noBoxes, type Unit } from './found-boxes.js'
import { planDetector, withThreshold, type DetectorPlan } from './detector-plan.js'
import {
  detectForm,
  type Detected,
  type Detection,
  type DetectOptions,
  type DetectorOptions,
} from './options.js'
import { detectorPorts, rowsOf, type DetectorPorts } from './detector-signature.js'

/** The fields of an image's result. */
export type DetectorFields = Pick<Detected, 'size' | 'boxes'>

/**
 * An object detector: a network with a float32 [N,3,H,W] input, optionally `im_shape` and `scale_factor`
 * (float32 [N,2]), and boxes `[class, score, x1, y1, x2, y2]` as its output, with a count for each image, a
 * LoD, or neither (images then run one by one). Models of PaddleX for the layout of pages add a reading order.
 *
 * @example
 * await using detector = await ObjectDetector.load('ppyoloe')
 * for await (const { image, boxes, error } of detector.detect(paths)) {
 *   console.log(image, boxes ?? error.message)
 * }
 */
export class ObjectDetector extends ImageTask<PreparedImage, DetectorFields, DetectOptions> {
  private constructor(key: ConstructorKey, model: string, plan: DetectorPlan, options: DetectorOptions) {
    checkConstructor(key, 'ObjectDetector', 'await ObjectDetector.load(model)')
    super(model, detectTask(model, plan, options), options)
  }

  /**
   * Loads a model in one or several Python processes.
   *
   * @param model - a model folder, a prefix (`model/model`) or the program's file, with its `infer_cfg.yml`
   * or `inference.yml` next to it
   * @throws PaddleError as `createPredictor`, MODEL_CONFIG_INVALID, MODEL_UNSUITABLE, LABELS_INVALID;
   * TypeError or RangeError for invalid options. Nothing is left running then.
   */
  static async load(model: string, options: DetectorOptions = {}): Promise<ObjectDetector> {
    return (await ObjectDetector.open(model, options)).loaded()
  }

  /**
   * Starts loading a model without waiting for it: images are read and decoded meanwhile. `detect` throws
   * errors of the model before the first result.
   *
   * @throws PaddleError MODEL_NOT_FOUND, MODEL_CONFIG_INVALID, LABELS_INVALID; TypeError or RangeError for
   * invalid options
   */
  static async open(model: string, options: DetectorOptions = {}): Promise<ObjectDetector> {
    const plan = await planDetector(model, options)
    return new ObjectDetector(constructorKey, model, plan, options)
  }

  /**
   * Detects the objects in images and yields the results in input order, as `ImageClassifier.classify` does.
   * Images that have the same size when they are fed share a batch; others run separately.
   *
   * @throws PaddleError ABORTED, and what `Predictor.run` throws; TypeError or RangeError for invalid options
   */
  detect<Source extends ImageSource>(
    images: ImageSources<Source>,
    options: DetectOptions = {},
  ): AsyncGenerator<Detection<Source>, void, undefined> {
    return this.answers(images, options)
  }

  /**
   * Detects the objects in one image. Calls that wait while the workers are busy share a batch.
   *
   * @throws PaddleError IMAGE_NOT_FOUND, IMAGE_UNREADABLE and the other errors of an image, QUEUE_FULL, ABORTED,
   * and what `Predictor.run` throws; TypeError or RangeError for a list of images or invalid options
   */
  async detectOne<Source extends ImageSource>(
    image: Source,
    options: OneOptions<DetectOptions> = {},
  ): Promise<Detected<Source>> {
    return this.answer(image, options, { one: 'detectOne', several: 'detect' })
  }
}

/** The step that progress events name. */
export const detecting = 'Detecting objects'

/** The steps of detecting objects. */
export function detectTask(
  model: string,
  plan: DetectorPlan,
  taskOptions: DetectorOptions,
): Task<ImageSource, PreparedImage, DetectorFields, DetectOptions> {
  const { preprocessing, labels } = plan
  const checkFinite = watchFinite(model, 'boxes', taskOptions.onWarning)
  return {
    doing: 'Detecting',
    step: detecting,
    form: detectForm,
    ...imageSteps(preprocessing, taskOptions),
    kindOf: ({ pixels }) => sizeKind(pixels),
    connect: (pool) => {
      const ports = detectorPorts(model, pool, preprocessing)
      return {
        oneByOne: takesOneByOne(pool),
        feeds: (batch, times) => imageFeeds(ports, batch, preprocessing, times),
        values: (outputs, batch, options, nameOf) => {
          const rows = rowsOf(model, ports, outputs, batch.length)
          for (const [index, { data }] of (rows ?? []).entries()) checkFinite(data, () => nameOf(index))
          return (
            rows &&
            batch.map((image, index) => ({
              size: image.original,
              boxes: boxesOf(rows[index] ?? noBoxes, {
                ...withThreshold(plan.limits, options[index]?.threshold),
                labels: labels.names,
                size: image.original,
                unit: unitOf(image, ports),
              }),
            }))
          )
        },
      }
    },
  }

  /** Pixels of the original image per unit of the network's coordinates. */
  function unitOf({ scale, pixels, original }: PreparedImage, { returnsOriginal }: DetectorPorts): Unit {
    const { left, top } = inputCorner(preprocessing, pixels)
    if (plan.boxUnit(returnsOriginal) === 'fraction') {
      const fed = inputSize(preprocessing, pixels)
      if (fed.width === pixels.width && fed.height === pixels.height)
        return { x: original.width, y: original.height }
      // Fractions of the image as fed, including its padding.
      return {
        ...{ x: fed.width / scale.x, y: fed.height / scale.y },
        ...{ left: left / fed.width, top: top / fed.height },
      }
    }
    return returnsOriginal ? { x: 1, y: 1 } : { x: 1 / scale.x, y: 1 / scale.y, left, top }
  }
}
