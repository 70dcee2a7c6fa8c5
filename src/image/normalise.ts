import { wrongValue } from '../errors.js'
import type { Normalisation } from '../model/preprocessing.js'

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
  const [red, green, blue] = [0, 1, 2].map((channel) => tableOf(by, channel)) as [Table, Table, Table]
  const greens = offset + plane
  const blues = greens + plane
  for (let pixel = 0, byte = 0; pixel < plane; pixel += 1, byte += 3) {
    target[offset + pixel] = red[data[byte] ?? 0] ?? 0
    target[greens + pixel] = green[data[byte + 1] ?? 0] ?? 0
    target[blues + pixel] = blue[data[byte + 2] ?? 0] ?? 0
  }
}

type Table = Float32Array

/** A channel has 256 values, so each is worked out once; every step is rounded to float32 as numpy does it. */
function tableOf({ scale, mean, std }: Normalisation, channel: number): Table {
  const { fround } = Math
  const [factor, shift, divisor] = [fround(scale), fround(mean[channel] ?? 0), fround(std[channel] ?? 1)]
  return Float32Array.from({ length: 256 }, (_, value) => fround(fround(value * factor) - shift) / divisor)
}
