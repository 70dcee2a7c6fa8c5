import { wrongValue } from '../errors.js'
import type { Normalisation } from '../model/preprocessing.js'
import { giveArithmetic, grow, Room, takeArithmetic } from './arithmetic.js'

/** Pixels that are computed at once, in memory of that size. */
const chunk = 65536

/** Decoded pixels: rows from the top, each pixel its R, G and B. */
export interface RgbImage {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

/**
 * Writes an image into `target` from `offset` on, channels first (CHW), each value `(value * scale - mean) / std`.
 *
 * The result is equal, bit for bit, to numpy's float32 `(image * scale - mean) / std`.
 *
 * @throws RangeError when `target` ends before the image does
 */
export function normaliseInto(
  target: Float32Array,
  offset: number,
  image: RgbImage,
  by: Normalisation,
): void {
  const { data, width, height } = image
  const plane = width * height
  if (offset < 0 || offset + 3 * plane > target.length) {
    throw wrongValue('offset', `an offset with room for ${3 * plane} values in ${target.length}`, offset)
  }
  const { fround } = Math
  const scale = fround(by.scale)
  const meansAndStds = [...by.mean, ...by.std].map(fround)
  const most = Math.min(plane, chunk)
  const room = new Room()
  const source = room.of(3 * most)
  const planeBytes = 4 * most + 16
  const planes = room.of(3 * planeBytes)
  const arithmetic = takeArithmetic()
  grow(arithmetic.memory, room.end)
  const bytes = new Uint8Array(arithmetic.memory.buffer)
  for (let first = 0; first < plane; first += chunk) {
    const count = Math.min(chunk, plane - first)
    bytes.set(data.subarray(3 * first, 3 * (first + count)), source)
    arithmetic.normalise(source, count, planes, planeBytes, scale, ...meansAndStds)
    for (let channel = 0; channel < 3; channel += 1) {
      const values = new Float32Array(arithmetic.memory.buffer, planes + channel * planeBytes, count)
      target.set(values, offset + channel * plane + first)
    }
  }
  giveArithmetic(arithmetic)
}
