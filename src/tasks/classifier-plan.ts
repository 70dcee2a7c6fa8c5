import { PaddleError, wrongType, wrongValue } from '../errors.js'
import {
  locateModel,
  readInferenceYml,
  readLabels,
  tutorialPreprocessing,
  type Preprocessing,
  type Size,
} from '../model/index.js'
import { checkNames, checkPositiveInteger } from './check-options.js'
import type { ClassifierOptions } from './options.js'

/** What a classifier does with images and answers: the options, else the model's `inference.yml`, else the tutorial's way. */
export interface ClassifierPlan {
  readonly preprocessing: Preprocessing
  /** The size of every image as the network sees it. */
  readonly size: Size
  readonly topK: number
  readonly labels: readonly string[]
}

const known = [
  ...['resizeSize', 'cropSize', 'topK', 'labels', 'autoOrient', 'maxPixels'],
  ...['cpuThreads', 'device', 'python', 'signal', 'timeoutMs'],
]

/**
 * @throws PaddleError MODEL_NOT_FOUND, MODEL_CONFIG_INVALID, LABELS_INVALID; TypeError or RangeError for wrong options
 */
export async function planClassifier(model: string, options: ClassifierOptions): Promise<ClassifierPlan> {
  checkOptions(options)
  const file = await readInferenceYml(await locateModel(model))
  const preprocessing = withSizes(file?.preprocessing ?? tutorialPreprocessing, options)
  const size = fixedSize(model, preprocessing)
  const labels = typeof options.labels === 'string' ? await readLabels(options.labels) : options.labels
  return { preprocessing, size, topK: options.topK ?? file?.topK ?? 1, labels: labels ?? file?.labels ?? [] }
}

function checkOptions(options: ClassifierOptions): void {
  checkNames(options, known)
  for (const name of ['resizeSize', 'cropSize', 'topK', 'maxPixels', 'cpuThreads'] as const) {
    checkPositiveInteger(name, options[name])
  }
  const { labels } = options
  if (labels !== undefined && typeof labels !== 'string' && !Array.isArray(labels)) {
    throw wrongType('labels', 'a list of names or the path of a file', labels)
  }
}

function withSizes(base: Preprocessing, { resizeSize, cropSize }: ClassifierOptions): Preprocessing {
  const fraction = base.resize && 'short' in base.resize ? base.resize.fraction : 'cut'
  const resize = resizeSize === undefined ? base.resize : { short: resizeSize, fraction }
  const crop = cropSize === undefined ? base.crop : { width: cropSize, height: cropSize }
  const { normalise } = base
  checkFits(resize, crop)
  return { ...(resize && { resize }), ...(crop && { crop }), normalise }
}

function checkFits(resize: Preprocessing['resize'], crop: Size | undefined): void {
  if (!resize || !crop) return
  const [width, height] = 'short' in resize ? [resize.short, resize.short] : [resize.width, resize.height]
  const least = Math.min(crop.width, crop.height)
  if ('short' in resize ? least <= width : crop.width <= width && crop.height <= height) return
  throw wrongValue(
    'cropSize',
    `an integer up to ${Math.min(width, height)} (the size that images are resized to)`,
    least,
  )
}

function fixedSize(model: string, { resize, crop }: Preprocessing): Size {
  const size = crop ?? (resize && !('short' in resize) ? resize : undefined)
  if (size) return size
  throw new PaddleError(
    'MODEL_CONFIG_INVALID',
    `The inference.yml of ${model} leaves images at different sizes: it has neither CropImage nor a fixed size in ResizeImage.\n` +
      'Give the size that the network takes as `cropSize` (--crop-size).',
  )
}
