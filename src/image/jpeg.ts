import type { Size } from '../model/preprocessing.js'
import { jpegOrientation } from './exif-orientation.js'
import type { ReducedImage } from './pillow-bilinear.js'
import { giveBack, takeBuffer } from './pixel-buffers.js'
import { turboDecode, turboSize } from './turbo-jpeg.js'

/** The size of a JPEG of RGB or grey pixels that need no turning. */
export function plainJpegSize(bytes: Uint8Array, autoOrient: boolean): Size | undefined {
  const size = turboSize(bytes)
  return size && (!autoOrient || jpegOrientation(bytes) === 1) ? size : undefined
}

/**
 * The pixels of a JPEG, whole or halved as often as leaves enough of them for `resized`; undefined when it has anything wrong with
 * it. Its data are a buffer that `giveBack` takes.
 */
export async function decodeJpeg(
  bytes: Uint8Array,
  size: Size,
  resized: Size,
): Promise<ReducedImage | undefined> {
  const divisor = divisorFor(size, resized)
  const exactSize = { width: size.width / divisor, height: size.height / divisor }
  const [width, height] = [Math.ceil(exactSize.width), Math.ceil(exactSize.height)]
  const data = takeBuffer(3 * width * height)
  if (await turboDecode(bytes, { width, height }, data)) return { width, height, data, exactSize }
  giveBack(data)
  return undefined
}

/** By how much a JPEG may be reduced while it is decoded, and how far the rest of the way must then be to even out what that has done. */
const halvings = [
  { divisor: 8, rest: 4 },
  { divisor: 4, rest: 4 },
  { divisor: 2, rest: 2.7 },
]

/** For a large photo, that saves most of the time. */
function divisorFor(from: Size, to: Size): number {
  const reduction = Math.min(from.width / to.width, from.height / to.height)
  return halvings.find(({ divisor, rest }) => reduction >= divisor * rest)?.divisor ?? 1
}
