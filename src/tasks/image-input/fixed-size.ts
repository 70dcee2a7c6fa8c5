import { callerTypeError, PaddleError, wrongValue } from '../../errors.js'
import { inputSize, resize } from '../../image/index.js'
import {
  tutorialPreprocessing,
  type DeclaredSize,
  type ModelConfig,
  type PixelStep,
  type Preprocessing,
  type ResizeTo,
  type Size,
} from '../../model/index.js'
import { wording } from '../../wording.js'

/** The size options. */
export interface GivenSizes {
  readonly resizeSize?: number | undefined
  readonly cropSize?: number | undefined
}

type ResizeStep = Extract<PixelStep, { step: 'resize' }>

/**
 * Returns the preprocessing with the given sizes, else those of the model's own file, else the tutorial's with the
 * size that the program declares.
 *
 * @throws RangeError for given sizes that conflict, TypeError for sizes with a file that they cannot replace; PaddleError MODEL_CONFIG_INVALID when the file's sizes
 * conflict
 */
export function planSizes(
  config: ModelConfig | undefined,
  given: GivenSizes,
  declared?: DeclaredSize,
): Preprocessing {
  const usual = declared
    ? { ...tutorialPreprocessing, steps: declaredSteps(declared).steps }
    : tutorialPreprocessing
  const base = config?.preprocessing ?? usual
  const { resizeSize, cropSize } = given
  if (base.floatSteps && (resizeSize !== undefined || cropSize !== undefined)) {
    const option = { option: resizeSize === undefined ? 'cropSize' : 'resizeSize' }
    throw callerTypeError(
      wording`${option} is not supported with ${config?.file ?? ''}, whose transforms compute with fractions: omit it.`,
    )
  }
  let { steps } = base
  if (resizeSize !== undefined) steps = withResize(steps, base.decode, resizeSize)
  if (cropSize !== undefined) steps = withCrop(steps, { width: cropSize, height: cropSize })
  const misfit = misfitIn(steps)
  if (misfit) throw unfit(config?.preprocessing && config.file, misfit, given)
  return { ...base, steps }
}

/** The share of the resized image that the crop keeps, as in the tutorial: 224 of 256. */
const croppedShare = 0.875

/**
 * The steps for the size that a program declares. A square is cropped out of a larger image, as in the tutorial; any
 * other size is what the image is stretched to, because a crop would cut off most of it.
 *
 * @returns the steps, and for a square the shorter side before the crop
 */
export function declaredSteps(declared: DeclaredSize): { steps: readonly PixelStep[]; short?: number } {
  const size = sidesOf(declared)
  const resampling = { library: 'pillow', method: 'bilinear' } as const
  if (size.width !== size.height)
    return { steps: [{ step: 'resize', to: { ...size, by: 'size' }, resampling }] }
  const short = Math.floor(size.width / croppedShare)
  const resize: PixelStep = { step: 'resize', to: { short, fraction: 'cut' }, resampling }
  return { steps: [resize, { step: 'crop', size }], short }
}

/** A side that the program leaves open is as long as the other one. */
export function sidesOf({ width, height }: DeclaredSize): Size {
  return { width: width > 0 ? width : height, height: height > 0 ? height : width }
}

/**
 * The size of a square image when it is fed. All images have it unless the steps only resize the shorter side;
 * those that differ run in batches of their own.
 *
 * @throws PaddleError MODEL_CONFIG_INVALID for a file that leaves images as they are
 */
export function squareSize(config: ModelConfig | undefined, preprocessing: Preprocessing): Size {
  const { steps, floatSteps = [] } = preprocessing
  if (steps.length === 0 && floatSteps.every(({ step }) => step === 'normalise'))
    throw new PaddleError(
      'MODEL_CONFIG_INVALID',
      `${config?.file ?? 'The configuration'} leaves images at different sizes: it has neither ResizeImage nor CropImage.`,
      {
        advice: preprocessing.floatSteps
          ? 'Compare it with the file that was exported with the model.'
          : wording`Set the input size of the network: ${{ option: 'cropSize' }}.`,
      },
    )
  let size: Size = { width: 224, height: 224 }
  for (const step of steps)
    size = step.step === 'resize' ? resize(size, step.to, step.divisor).size : step.size
  return inputSize(preprocessing, { width: size.width, height: size.height })
}

/** Replaces the size of the first resize, or inserts one. */
function withResize(
  steps: readonly PixelStep[],
  library: Preprocessing['decode'],
  short: number,
): readonly PixelStep[] {
  const at = steps.findIndex(({ step }) => step === 'resize')
  const usual: ResizeStep['resampling'] =
    library === 'pillow' ? { library, method: 'bilinear' } : { library, method: 'linear' }
  const { to, resampling = usual }: Partial<ResizeStep> = (steps[at] as ResizeStep | undefined) ?? {}
  const resize: ResizeStep = { step: 'resize', to: resizeTo(to, short), resampling }
  return at < 0 ? [resize, ...steps] : steps.with(at, resize)
}

/** A fixed size becomes a square; otherwise `side` is the shorter side. */
function resizeTo(to: ResizeTo | undefined, side: number): ResizeTo {
  if (to && 'width' in to) return { ...to, width: side, height: side }
  return { short: side, fraction: to && 'fraction' in to ? to.fraction : 'round' }
}

/** Replaces the size of the last crop, or appends one. */
function withCrop(steps: readonly PixelStep[], size: Size): readonly PixelStep[] {
  const at = steps.findLastIndex(({ step }) => step === 'crop')
  const crop: PixelStep = { step: 'crop', size }
  return at < 0 ? [...steps, crop] : steps.with(at, crop)
}

interface Misfit {
  readonly to: ResizeTo
  readonly crop: Size
}

/** Returns the first crop that is larger than the output of the resize before it. */
function misfitIn(steps: readonly PixelStep[]): Misfit | undefined {
  for (const [index, step] of steps.entries()) {
    const before = steps[index - 1]
    if (step.step !== 'crop' || before?.step !== 'resize' || before.divisor) continue
    if (!holds(before.to, step.size)) return { to: before.to, crop: step.size }
  }
  return undefined
}

function leastSides(to: ResizeTo): Size {
  if ('fit' in to) return to.fit
  return 'short' in to ? { width: to.short, height: to.short } : to
}

/** The other side of an image is not known here, so a crop may use all of it. */
function holds(to: ResizeTo, crop: Size): boolean {
  if ('short' in to) return Math.min(crop.width, crop.height) <= to.short
  const { width, height } = leastSides(to)
  return crop.width <= width && crop.height <= height
}

/** The error names a size that was given, not a default. */
function unfit(file: string | undefined, { to, crop }: Misfit, given: GivenSizes): Error {
  const sides = leastSides(to)
  const { resizeSize, cropSize } = given
  if (cropSize !== undefined) {
    const [most, least] = [Math.min(sides.width, sides.height), Math.min(crop.width, crop.height)]
    const option = { option: 'resizeSize' }
    const why =
      resizeSize !== undefined
        ? option
        : file !== undefined
          ? `the size that ${file} resizes to`
          : wording`the default of ${option}`
    return wrongValue('cropSize', wording`an integer up to ${most} (${why})`, least)
  }
  if (resizeSize !== undefined) {
    const least = Math.min(crop.width, crop.height)
    const option = { option: 'cropSize' }
    const why = file === undefined ? wording`the default of ${option}` : `the size that ${file} crops`
    return wrongValue('resizeSize', wording`an integer of at least ${least} (${why})`, resizeSize)
  }
  return new PaddleError(
    'MODEL_CONFIG_INVALID',
    `${file ?? ''} crops ${crop.width} × ${crop.height} out of images of ${sides.width} × ${sides.height}.`,
    {
      advice: wording`Set the sizes: ${{ option: 'resizeSize' }} and ${{ option: 'cropSize' }}.`,
    },
  )
}

/**
 * The sizes by flag name, for a fingerprint; the model's own file determines the rest of the preprocessing.
 */
export function sizeSettings({ steps }: Preprocessing): Readonly<Record<string, unknown>> {
  const resize = steps.findLast(({ step }) => step === 'resize')
  const crop = steps.findLast(({ step }) => step === 'crop')
  return {
    'resize-size': resize?.step === 'resize' ? shownSize(resize.to) : 'none',
    'crop-size': crop?.step === 'crop' ? shownSize(crop.size) : 'none',
  }
}

function shownSize(size: ResizeTo | Size): number | string {
  if ('long' in size) return `${size.short} to ${size.long}`
  if ('short' in size) return size.short
  const { width, height } = 'fit' in size ? size.fit : size
  return width === height ? width : `${width}×${height}`
}
