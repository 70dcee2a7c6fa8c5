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

/** Where a padding places an image of `size`, from the upper left corner of the padded one. */
export function placeIn(outer: Size, size: Size, centred: Padding['centred']): { left: number; top: number } {
  if (centred === undefined) return { left: 0, top: 0 }
  const half = centred === 'cut' ? Math.floor : Math.ceil
  return { left: half((outer.width - size.width) / 2), top: half((outer.height - size.height) / 2) }
}

/** Where the image itself begins in the input of a network. */
export function inputCorner(
  { padding }: Pick<Preprocessing, 'padding'>,
  pixels: Size,
): { left: number; top: number } {
  let size = pixels
  const corner = { left: 0, top: 0 }
  for (const step of padding) {
    const outer = padded(size, step)
    const { left, top } = placeIn(outer, size, step.centred)
    corner.left += left
    corner.top += top
    size = outer
  }
  return corner
}

function checkSize(name: string, { width, height }: Size): void {
  if (width * height <= mostPixels) return
  throw new PaddleError(
    'IMAGE_TOO_LARGE',
    `${name} would become an input of ${width * height} pixels (${width} × ${height}), above the limit of ${mostPixels}.`,
    { advice: 'Resize it to a smaller size.' },
  )
}
