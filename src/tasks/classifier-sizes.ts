import { PaddleError, wrongValue } from '../errors.js'
import { tutorialPreprocessing, type Preprocessing, type Size } from '../model/index.js'
import type { ClassifierOptions } from './options.js'

type GivenSizes = Pick<ClassifierOptions, 'resizeSize' | 'cropSize'>

/**
 * How images are prepared: the sizes that are given, else those of the model's `inference.yml`, else the tutorial's.
 *
 * @throws RangeError for sizes that do not fit together; MODEL_CONFIG_INVALID when none of them is given
 */
export function planSizes(model: string, file: Preprocessing | undefined, given: GivenSizes): Preprocessing {
  const base = file ?? tutorialPreprocessing
  const { resizeSize, cropSize } = given
  const fraction = base.resize && 'short' in base.resize ? base.resize.fraction : 'cut'
  const resize = resizeSize === undefined ? base.resize : { short: resizeSize, fraction }
  const crop = cropSize === undefined ? base.crop : { width: cropSize, height: cropSize }
  if (resize && crop && !holds(resize, crop)) throw unfit(model, file !== undefined, resize, crop, given)
  return { ...(resize && { resize }), ...(crop && { crop }), normalise: base.normalise }
}

/** The size of every image as the network sees it. @throws PaddleError MODEL_CONFIG_INVALID where they differ */
export function fixedSize(model: string, { resize, crop }: Preprocessing): Size {
  const size = crop ?? (resize && !('short' in resize) ? resize : undefined)
  if (size) return size
  throw new PaddleError(
    'MODEL_CONFIG_INVALID',
    `The inference.yml of ${model} leaves images at different sizes: it has neither CropImage nor a fixed size in ResizeImage.\n` +
      'Give the size that the network takes as `cropSize` (--crop-size).',
  )
}

type Resize = NonNullable<Preprocessing['resize']>

function leastSides(resize: Resize): Size {
  return 'short' in resize ? { width: resize.short, height: resize.short } : resize
}

/** The longer side of an image is not known here: a crop may be as long as that turns out to be. */
function holds(resize: Resize, crop: Size): boolean {
  const { width, height } = leastSides(resize)
  if ('short' in resize) return Math.min(crop.width, crop.height) <= resize.short
  return crop.width <= width && crop.height <= height
}

/** Blames a size that is given, not one that nobody chose. */
function unfit(model: string, hasFile: boolean, resize: Resize, crop: Size, given: GivenSizes): Error {
  const sides = leastSides(resize)
  const { resizeSize, cropSize } = given
  if (cropSize !== undefined) {
    const [most, least] = [Math.min(sides.width, sides.height), Math.min(crop.width, crop.height)]
    const why =
      resizeSize !== undefined
        ? '`resizeSize`'
        : hasFile
          ? 'the size that the inference.yml of the model resizes to'
          : 'the default of `resizeSize`'
    return wrongValue('cropSize', `an integer up to ${most} (${why})`, least)
  }
  if (resizeSize !== undefined) {
    const least = Math.min(crop.width, crop.height)
    const why = hasFile ? 'the size that the inference.yml of the model crops' : 'the default of `cropSize`'
    return wrongValue('resizeSize', `an integer from ${least} on (${why})`, resizeSize)
  }
  return new PaddleError(
    'MODEL_CONFIG_INVALID',
    `The inference.yml of ${model} crops ${crop.width} × ${crop.height} out of images of ${sides.width} × ${sides.height}.\n` +
      'Correct the file, or give the sizes yourself: `resizeSize` and `cropSize` (--resize-size, --crop-size).',
  )
}
