import { PaddleError } from '../errors.js'
import type { Padding, Preprocessing, Size } from '../model/index.js'

/** The most pixels of an input: with three planes of float32, 768 MiB. */
const mostPixels = 2 ** 26

/** The size of a network's input for an image whose pixels have gone through all steps: with the padding. */
export function inputSize({ padding }: Pick<Preprocessing, 'padding'>, pixels: Size): Size {
  return padding.reduce(padded, { width: pixels.width, height: pixels.height })
}

/** @throws PaddleError IMAGE_TOO_LARGE when an image does not fit into the padding, or an input would take too much memory */
export function checkInputSize(
  name: string,
  { padding }: Pick<Preprocessing, 'padding'>,
  pixels: Size,
): void {
  let size = pixels
  checkSize(name, size)
  for (const step of padding) {
    const next = padded(size, step)
    if (next.width < size.width || next.height < size.height) {
      throw new PaddleError(
        'IMAGE_TOO_LARGE',
        `${name} is ${size.width} × ${size.height} after resizing, too large to be padded to ${next.width} × ${next.height}.`,
        { advice: 'Resize it to a smaller size.' },
      )
    }
    checkSize(name, next)
    size = next
  }
}

export function padded({ width, height }: Size, { to }: Padding): Size {
  if (!('multipleOf' in to)) return { width: to.width, height: to.height }
  const upTo = (side: number): number => Math.ceil(side / to.multipleOf) * to.multipleOf
  return { width: upTo(width), height: upTo(height) }
}

function checkSize(name: string, { width, height }: Size): void {
  if (width * height <= mostPixels) return
  throw new PaddleError(
    'IMAGE_TOO_LARGE',
    `${name} would become an input of ${width * height} pixels (${width} × ${height}), above the limit of ${mostPixels}.`,
    { advice: 'Resize it to a smaller size.' },
  )
}
