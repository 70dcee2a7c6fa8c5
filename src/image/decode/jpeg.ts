import type { Size } from '../../model/index.js'
import type { ReducedImage } from '../resample/index.js'
import { jpegOrientation } from './image-header.js'
import { turboDecode, turboSize } from './libjpeg-turbo.js'
import { acquireBuffer, releaseBuffer } from './pixel-buffers.js'

/** libvips's own limit, which progressive photographs are far below. */
const mostScans = 100

const startOfScan = Uint8Array.of(0xff, 0xda)

/** Each scan takes a pass over the whole image, however few bytes it has: a small file could take hours. */
function hasTooManyScans(bytes: Uint8Array): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let scans = 0
  for (let at = buffer.indexOf(startOfScan); at >= 0; at = buffer.indexOf(startOfScan, at + 2)) {
    scans += 1
    if (scans > mostScans) return true
  }
  return false
}

/** The size of a JPEG of RGB or grey pixels that need no turning, and that does not take too long. */
export function plainJpegSize(bytes: Uint8Array, autoOrient: boolean): Size | undefined {
  const size = turboSize(bytes)
  if (!size || (autoOrient && jpegOrientation(bytes) !== 1)) return undefined
  return hasTooManyScans(bytes) ? undefined : size
}

/**
 * The pixels of a JPEG, whole or halved as often as leaves enough of them for `resized`; undefined when it has anything wrong with
 * it. Its data are a buffer that `releaseBuffer` takes.
 */
export async function decodeJpeg(
  bytes: Uint8Array,
  size: Size,
  resized: Size,
): Promise<ReducedImage | undefined> {
  const divisor = divisorFor(size, resized)
  const exactSize = { width: size.width / divisor, height: size.height / divisor }
  const [width, height] = [Math.ceil(exactSize.width), Math.ceil(exactSize.height)]
  const data = acquireBuffer(3 * width * height)
  if (await turboDecode(bytes, { width, height }, data)) return { width, height, data, exactSize }
  releaseBuffer(data)
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
