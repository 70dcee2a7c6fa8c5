import type { Size } from '../../model/index.js'
import type { ReducedImage } from '../resample/index.js'
import { jpegOrientation } from './image-header.js'
import { turboDecode, turboSize } from './libjpeg-turbo.js'
import { acquireBuffer, releaseBuffer } from './pixel-buffers.js'

/** The limit of libvips. Progressive photographs have far fewer scans. */
const mostScans = 100

const startOfScan = Uint8Array.of(0xff, 0xda)

/**
 * Each scan costs a pass over the whole image, however few bytes it has, so a small file could take hours.
 */
function hasTooManyScans(bytes: Uint8Array): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let scans = 0
  for (let at = buffer.indexOf(startOfScan); at >= 0; at = buffer.indexOf(startOfScan, at + 2)) {
    scans += 1
    if (scans > mostScans) return true
  }
  return false
}

/**
 * The size of an RGB or grey JPEG that needs no rotation and does not take too long; undefined for any other
 * image.
 */
export function plainJpegSize(bytes: Uint8Array, autoOrient: boolean): Size | undefined {
  const size = turboSize(bytes)
  if (!size || (autoOrient && jpegOrientation(bytes) !== 1)) return undefined
  return hasTooManyScans(bytes) ? undefined : size
}

/**
 * Decodes a JPEG in full size, or halved as often as leaves enough pixels for `resized`; undefined if
 * libjpeg-turbo reports any problem. Release the data with `releaseBuffer`.
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

/**
 * How far a JPEG may be reduced while decoding, and how far the remaining reduction must then be to even out
 * the effect.
 */
const halvings = [
  { divisor: 8, rest: 4 },
  { divisor: 4, rest: 4 },
  { divisor: 2, rest: 2.7 },
]

/** For a large photo, this saves most of the time. */
function divisorFor(from: Size, to: Size): number {
  const reduction = Math.min(from.width / to.width, from.height / to.height)
  return halvings.find(({ divisor, rest }) => reduction >= divisor * rest)?.divisor ?? 1
}
