import { PaddleError } from '../../errors.js'
import type { Padding, Preprocessing, Size } from '../../model/index.js'
import { sizedSteps } from './float-geometry.js'
import { centredCrop } from './geometry.js'
import { multipleOf } from './sizes.js'

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
 * much memory, IMAGE_TOO_SMALL if it is smaller than a crop
 */
export function checkInputSize(name: string, { padding, floatSteps }: LastSteps, pixels: Size): void {
  let size = pixels
  // Float steps read the decoded pixels row by row.
  if (!floatSteps) checkSize(name, size)
  for (const { step, from, to } of sizedSteps(floatSteps ?? [], size)) {
    if (step.step === 'normalise') continue
    if (step.step === 'pad') checkPadding(name, from, to)
    if (step.step === 'crop' && !centredCrop(from, to)) throw tooSmallForCrop(name, from, to)
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

/** The error for an image that is smaller than a crop. */
export function tooSmallForCrop(name: string, size: Size, crop: Size): PaddleError {
  return new PaddleError(
    'IMAGE_TOO_SMALL',
    `${name} is ${size.width} × ${size.height} after resizing, too small for a crop of ` +
      `${crop.width} × ${crop.height}.`,
    { advice: 'Resize to a larger size, or crop a smaller part.' },
  )
}

function checkPadding(name: string, size: Size, next: Size): void {
  if (next.width >= size.width && next.height >= size.height) return
  throw new PaddleError(
    'IMAGE_TOO_LARGE',
    `${name} is ${size.width} × ${size.height} after resizing, too large to be padded to ${next.width} × ${next.height}.`,
    { advice: 'Resize it to a smaller size.' },
  )
}

export function padded({ width, height }: Size, { to }: Pick<Padding, 'to'>): Size {
  if ('multipleOf' in to) return multipleOf({ width, height }, to.multipleOf)
  if ('multipleAbove' in to) return multipleOf({ width: width + 1, height: height + 1 }, to.multipleAbove)
  return { width: to.width, height: to.height }
}

/** A padding, the size after it, and where the image before it lies in that. */
interface PaddedImage {
  readonly step: Padding
  readonly size: Size
  readonly left: number
  readonly top: number
}

/** The paddings of an image, from the innermost to the outermost. */
export function paddedImages(padding: readonly Padding[], pixels: Size): PaddedImage[] {
  let size = pixels
  return padding.map((step) => {
    const before = size
    size = padded(before, step)
    return { step, size, ...cornerIn(size, before, step.centred) }
  })
}

function cornerIn(outer: Size, inner: Size, centred: Padding['centred']): { left: number; top: number } {
  if (centred === undefined) return { left: 0, top: 0 }
  const half = centred === 'cut' ? Math.floor : Math.ceil
  return { left: half((outer.width - inner.width) / 2), top: half((outer.height - inner.height) / 2) }
}

/** Where the image itself begins in the input of a network. */
export function inputCorner(
  { padding }: Pick<Preprocessing, 'padding'>,
  pixels: Size,
): { left: number; top: number } {
  return paddedImages(padding, pixels).reduce(
    (corner, { left, top }) => ({ left: corner.left + left, top: corner.top + top }),
    { left: 0, top: 0 },
  )
}

function checkSize(name: string, { width, height }: Size): void {
  if (width * height <= mostPixels) return
  throw new PaddleError(
    'IMAGE_TOO_LARGE',
    `${name} would become an input of ${width * height} pixels (${width} × ${height}), above the limit of ${mostPixels}.`,
    { advice: 'Resize it to a smaller size.' },
  )
}
