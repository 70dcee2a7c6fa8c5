import { PaddleError } from '../../errors.js'
import type { Padding, Preprocessing, ResizeTo, Size } from '../../model/index.js'
import { sizedSteps } from './float-geometry.js'
import { multipleOf, roundHalfToEven, scaledSize } from './sizes.js'

/** Target size over source size, along each side. */
export interface Scale {
  readonly x: number
  readonly y: number
}

/** The size and the scale that an image is resized to. */
export interface Resized {
  readonly size: Size
  readonly scale: Scale
  /** Whether the pixels are computed with this scale rather than with the quotient of the sizes. */
  readonly byScale: boolean
}

/**
 * Computes the size that an image of `size` is resized to, with both sides rounded up to a multiple of
 * `divisor`.
 */
export function resize(size: Size, to: ResizeTo, divisor = 1): Resized {
  if ('by' in to && to.by === 'cut') return cutToSize(size, to)
  const { scale, ...exact } = scaledTo(size, to)
  if (divisor === 1) return scale ? { size: exact, scale, byScale: true } : bySize(size, exact)
  return bySize(size, multipleOf(exact, divisor))
}

function bySize(from: Size, to: Size): Resized {
  return { size: to, scale: { x: to.width / from.width, y: to.height / from.height }, byScale: false }
}

/** The `Resize` of PaddleDetection before 2.0 without `use_cv2`. */
function cutToSize({ width, height }: Size, to: Size): Resized {
  const scale = { x: to.width / width, y: to.height / height }
  const size = {
    width: Math.max(1, Math.trunc(scale.x * width)),
    height: Math.max(1, Math.trunc(scale.y * height)),
  }
  return { size, scale, byScale: false }
}

function scaledTo(size: Size, to: ResizeTo): Size & { scale?: Scale } {
  const { width, height } = size
  if ('long' in to) {
    const scale = scaleWithin(size, to)
    return { ...scaledSize(size, scale), scale: { x: scale, y: scale } }
  }
  if ('short' in to) {
    // The operations and their order are those of PaddleClas: the last bit decides how a half is rounded.
    if (to.fraction === 'round') return scaledSize(size, to.short / Math.min(width, height))
    const long = Math.trunc((to.short * Math.max(width, height)) / Math.min(width, height))
    return width <= height ? { width: to.short, height: long } : { width: long, height: to.short }
  }
  const target = { width: to.width, height: to.height }
  return to.by === 'size' ? target : { ...target, scale: { x: to.width / width, y: to.height / height } }
}

/** PaddleDetection's `Resize.generate_scale` with `keep_ratio`. */
function scaleWithin({ width, height }: Size, { short, long }: { short: number; long: number }): number {
  const longer = Math.max(width, height)
  const scale = short / Math.min(width, height)
  return roundHalfToEven(scale * longer) > long ? long / longer : scale
}

/**
 * The upper left corner of a crop of size `crop` in the centre of `size`, with a half cut off or rounded to
 * even; undefined if the crop does not fit.
 */
export function centredCrop(
  size: Size,
  crop: Size,
  half: 'cut' | 'round' = 'cut',
): { left: number; top: number } | undefined {
  if (crop.width > size.width || crop.height > size.height) return undefined
  const begin = half === 'cut' ? Math.floor : roundHalfToEven
  return { left: begin((size.width - crop.width) / 2), top: begin((size.height - crop.height) / 2) }
}

/** The most pixels of an input: 768 MiB with three planes of float32. */
const mostPixels = 2 ** 26

/** What changes the size of an image when it is written as the input. */
type LastSteps = Pick<Preprocessing, 'padding' | 'floatSteps'>

/** The size of a network's input, with the padding, for an image of `pixels` after all 8-bit steps. */
export function inputSize({ padding, floatSteps = [] }: LastSteps, pixels: Size): Size {
  const size = sizedSteps(floatSteps, pixels).at(-1)?.to ?? pixels
  return padding.reduce(padded, { width: size.width, height: size.height })
}

/**
 * @throws PaddleError IMAGE_TOO_LARGE if an image does not fit into the padding or an input would take too
 * much memory
 */
export function checkInputSize(name: string, { padding, floatSteps }: LastSteps, pixels: Size): void {
  let size = pixels
  // Float steps read the decoded pixels row by row.
  if (!floatSteps) checkSize(name, size)
  for (const { step, from, to } of sizedSteps(floatSteps ?? [], size)) {
    if (step.step === 'normalise') continue
    if (step.step === 'pad') checkPadding(name, from, to)
    checkSize(name, to)
    size = to
  }
  for (const step of padding) {
    const next = padded(size, step)
    checkPadding(name, size, next)
    checkSize(name, next)
    size = next
  }
  if (floatSteps) checkSize(name, size)
}

function checkPadding(name: string, size: Size, next: Size): void {
  if (next.width >= size.width && next.height >= size.height) return
  throw new PaddleError(
    'IMAGE_TOO_LARGE',
    `${name} is ${size.width} × ${size.height} after resizing, too large to be padded to ${next.width} × ${next.height}.`,
    { advice: 'Resize it to a smaller size.' },
  )
}

export function padded(size: Size, { to }: Padding): Size {
  return 'multipleOf' in to ? multipleOf(size, to.multipleOf) : { width: to.width, height: to.height }
}

function checkSize(name: string, { width, height }: Size): void {
  if (width * height <= mostPixels) return
  throw new PaddleError(
    'IMAGE_TOO_LARGE',
    `${name} would become an input of ${width * height} pixels (${width} × ${height}), above the limit of ${mostPixels}.`,
    { advice: 'Resize it to a smaller size.' },
  )
}
