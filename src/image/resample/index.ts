import type { Resampling, Size } from '../../model/index.js'
import type { RgbImage } from '../preprocess/normalise.js'
import { nearest } from './nearest.js'
import { openCv } from './opencv.js'
import { pillow, pillowBytes } from './pillow.js'
import type { Part, ReducedImage, ResampleTarget } from './resample-target.js'

export { EventLoopYielder } from './resample-target.js'
export { warpToCentre } from './warp-affine.js'
export type { Part, ReducedImage, ResampleTarget } from './resample-target.js'

/**
 * Resizes an image to the pixels of `cv2.resize` or Pillow's `Image.resize`. Computes only `part`, and yields
 * to the event loop regularly.
 */
export async function resample(
  image: ReducedImage,
  target: ResampleTarget,
  part: Part,
  resampling: Resampling,
): Promise<RgbImage> {
  const { size } = target
  if (size.width === image.width && size.height === image.height && !image.exactSize) return cut(image, part)
  const { library, method } = resampling
  if (method === 'nearest') return nearest(image, target, part, library)
  return library === 'opencv' ? openCv(image, target, part, method) : pillow(image, size, part, method)
}

/** Copies a part of the image into memory of its own. */
export function cut({ width, data }: RgbImage, part: Part): RgbImage {
  const stride = 3 * part.width
  const pixels = new Uint8Array(part.height * stride)
  for (let row = 0; row < part.height; row += 1) {
    const from = 3 * ((part.top + row) * width + part.left)
    pixels.set(data.subarray(from, from + stride), row * stride)
  }
  return { width: part.width, height: part.height, data: pixels }
}

/** The most memory for resizing, in bytes. Only a very long image needs more. */
const mostRoom = 2 ** 30

/** @throws RangeError if resizing would take more memory than that */
export function checkRoom(image: Size, { size }: ResampleTarget, part: Part, resampling: Resampling): void {
  const bytes = bytesFor(image, size, part, resampling)
  if (bytes > mostRoom) throw new RangeError(`resizing would take ${Math.round(bytes)} bytes`)
}

function bytesFor(image: Size, size: Size, part: Part, { library, method }: Resampling): number {
  if (library === 'pillow' && method !== 'nearest') return pillowBytes(image, size, part, method)
  // Besides the result, only a few rows are in memory.
  return 3 * part.width * part.height + 128 * part.width + 16 * image.width
}
