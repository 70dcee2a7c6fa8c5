import { watchFinite } from '../finite-results.js'
import { checkConstructor, constructorKey, type ConstructorKey } from '../../constructor-key.js'
import { inputSize, type ImageSource, type PreparedImage } from '../../image/index.js'
import { imageFeed, sizeKind } from '../image-input/image-batch.js'
import { imageSteps } from '../image-input/image-steps.js'
import type { ImageSources } from '../image-input/sources.js'
import { ImageTask } from '../image-task.js'
import { checkLabels } from '../labels.js'
import { batchForm, type BatchOptions, type OneOptions } from '../options.js'
import type { Task } from '../task.js'
import { defaultBatchSize, type Segmentation, type Segmented, type SegmenterOptions } from './options.js'
import { restoreSize } from './restore-size.js'
import { planSegmenter, type SegmenterPlan } from './segmenter-plan.js'
import { classMaps, segmenterPorts } from './segmenter-signature.js'
import { segmentsOf } from './segments.js'

/** The fields of an image's result. */
export type SegmenterFields = Pick<Segmented, 'size' | 'segments' | 'labelMap'>

/**
 * A model for semantic segmentation: a network with a float32 [N,3,H,W] input, whose first output is the class
 * of each pixel ([N,H,W] or [N,1,H,W] of int32, int64 or uint8), or the scores of all classes (float32
 * [N,C,H,W]).
 *
 * @example
 * await using segmenter = await ImageSegmenter.load('pp-liteseg')
 * for await (const { image, segments, error } of segmenter.segment(paths)) {
 *   console.log(image, segments?.map(({ classId, share }) => [classId, share]) ?? error.message)
 * }
 */
export class ImageSegmenter extends ImageTask<PreparedImage, SegmenterFields, BatchOptions> {
  private constructor(key: ConstructorKey, model: string, plan: SegmenterPlan, options: SegmenterOptions) {
    checkConstructor(key, 'ImageSegmenter', 'await ImageSegmenter.load(model)')
    super(model, segmentTask(model, plan, options), options)
  }

  /**
   * Loads a model in one or several Python processes.
   *
   * @param model - a model folder, a prefix (`model/model`) or the program's file, with its `deploy.yaml`,
   * `inference.yml` or `model.yml` next to it
   * @throws PaddleError as `createPredictor`, MODEL_CONFIG_INVALID, MODEL_UNSUITABLE, LABELS_INVALID;
   * TypeError or RangeError for invalid options. Nothing is left running then.
   */
  static async load(model: string, options: SegmenterOptions = {}): Promise<ImageSegmenter> {
    return (await ImageSegmenter.open(model, options)).loaded()
  }

  /**
   * Starts loading a model without waiting for it: images are read and decoded meanwhile. `segment` throws
   * errors of the model before the first result.
   *
   * @throws PaddleError MODEL_NOT_FOUND, MODEL_CONFIG_INVALID, MODEL_UNSUITABLE, LABELS_INVALID; TypeError or
   * RangeError for invalid options
   */
  static async open(model: string, options: SegmenterOptions = {}): Promise<ImageSegmenter> {
    return new ImageSegmenter(constructorKey, model, await planSegmenter(model, options), options)
  }

  /**
   * Assigns a class to each pixel of images and yields the results in input order, as
   * `ImageClassifier.classify` does. Images that have the same size when they are fed share a batch; others run
   * separately.
   *
   * @throws PaddleError ABORTED, MODEL_UNSUITABLE when the output does not hold a class for each pixel that was
   * fed, and what `Predictor.run` throws; TypeError or RangeError for invalid options
   */
  segment<Source extends ImageSource>(
    images: ImageSources<Source>,
    options: BatchOptions = {},
  ): AsyncGenerator<Segmentation<Source>, void, undefined> {
    return this.answers(images, options)
  }

  /**
   * Assigns a class to each pixel of one image. Calls that wait while the workers are busy share a batch.
   *
   * @throws PaddleError IMAGE_NOT_FOUND, IMAGE_UNREADABLE and the other errors of an image, QUEUE_FULL, ABORTED, and
   * what `segment` throws; TypeError or RangeError for a list of images or invalid options
   */
  async segmentOne<Source extends ImageSource>(
    image: Source,
    options: OneOptions = {},
  ): Promise<Segmented<Source>> {
    return this.answer(image, options, { one: 'segmentOne', several: 'segment' })
  }
}

/** The step that progress events name. */
export const segmenting = 'Segmenting images'

/** The steps of segmenting images. */
export function segmentTask(
  model: string,
  { preprocessing, restoredBy, labels }: SegmenterPlan,
  options: SegmenterOptions,
): Task<ImageSource, PreparedImage, SegmenterFields, BatchOptions> {
  const fedSize = ({ pixels }: PreparedImage): ReturnType<typeof inputSize> =>
    inputSize(preprocessing, pixels)
  const checkFinite = watchFinite(model, 'scores', options.onWarning)
  return {
    doing: 'Segmenting',
    step: segmenting,
    form: batchForm,
    ...imageSteps(preprocessing, options),
    defaultBatchSize,
    kindOf: (image) => sizeKind(fedSize(image)),
    connect: (pool) => {
      const { input, output, classes, oneByOne } = segmenterPorts(model, pool, preprocessing.planes)
      if (classes !== undefined) checkLabels(model, labels, classes)
      return {
        // PaddleSeg exports networks with a fixed input for one image.
        oneByOne,
        feeds: (batch, times) => {
          const pixels = batch.map((image) => image.pixels)
          return { [input]: imageFeed(pixels, preprocessing, times) }
        },
        values: async (outputs, batch, _, nameOf) => {
          const [first] = batch
          const fed = first ? fedSize(first) : { width: 0, height: 0 }
          const checkBest = (scores: Float32Array, index: number): void => {
            checkFinite(scores, () => nameOf(index))
          }
          const map = classMaps(model, output, outputs, { images: batch.length, fed, checkBest })
          if (!map) return undefined
          const values: SegmenterFields[] = []
          for (const [index, image] of batch.entries()) values.push(await fieldsOf(await map(index), image))
          return values
        },
      }
    },
  }

  async function fieldsOf(ids: Uint16Array, { original: size }: PreparedImage): Promise<SegmenterFields> {
    const labelMap = await restoreSize(ids, preprocessing, size, restoredBy)
    const segments = await segmentsOf(labelMap, labels.names)
    // A class beyond the names: they belong to another model.
    const most = segments.reduce((greatest, { classId }) => Math.max(greatest, classId), -1)
    if (most >= labels.names.length) checkLabels(model, labels, most + 1)
    return { size, segments, labelMap }
  }
}
