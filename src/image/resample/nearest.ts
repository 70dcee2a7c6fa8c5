import type { RgbImage } from '../preprocess/normalise.js'
import { EventLoopYielder, type Part, type ResampleTarget } from './resample-target.js'

/**
 * Returns the source pixel of each target pixel, from the first target pixel on; outside the source, the
 * result is black.
 */
type Positions = (from: number, scale: number, count: number) => Int32Array

/** `INTER_NEAREST`: the floor of the distance. */
export const openCvPositions: Positions = (from, scale, count) =>
  Int32Array.from({ length: count }, (_, target) => Math.min(Math.floor(target * scale), from - 1))

/**
 * `Image.Resampling.NEAREST`: the middle of a target pixel, computed by repeated addition with its rounding
 * errors.
 */
const pillowPositions: Positions = (from, scale, count) => {
  const positions = new Int32Array(count)
  let middle = scale * 0.5
  for (let target = 0; target < count; target += 1) {
    const position = Math.trunc(middle)
    positions[target] = position < from ? position : -1
    middle += scale
  }
  return positions
}

/** Resizes a part of the image without weights, to the pixels of `cv2.resize` or Pillow's `Image.resize`. */
export async function nearest(
  image: RgbImage,
  { size, scale }: ResampleTarget,
  part: Part,
  library: 'opencv' | 'pillow',
): Promise<RgbImage> {
  const positions = library === 'opencv' ? openCvPositions : pillowPositions
  const steps =
    library === 'opencv'
      ? {
          x: 1 / (scale?.x ?? size.width / image.width),
          y: 1 / (scale?.y ?? size.height / image.height),
        }
      : { x: image.width / size.width, y: image.height / size.height }
  const columns = positions(image.width, steps.x, part.left + part.width).subarray(part.left)
  const rows = positions(image.height, steps.y, part.top + part.height).subarray(part.top)
  const stride = 3 * part.width
  const data = new Uint8Array(part.height * stride)
  const pace = new EventLoopYielder()
  for (const [row, from] of rows.entries()) {
    const to = row * stride
    if (row > 0 && from === rows[row - 1]) data.copyWithin(to, to - stride, to)
    else if (from >= 0) copyPixels(image, from, columns, data, to)
    if (pace.isDue(stride)) await pace.pause()
  }
  return { width: part.width, height: part.height, data }
}

function copyPixels(
  { width, data }: RgbImage,
  row: number,
  columns: Int32Array,
  into: Uint8Array,
  to: number,
): void {
  for (const column of columns) {
    if (column >= 0) {
      const at = 3 * (row * width + column)
      into[to] = data[at] ?? 0
      into[to + 1] = data[at + 1] ?? 0
      into[to + 2] = data[at + 2] ?? 0
    }
    to += 3
  }
}
