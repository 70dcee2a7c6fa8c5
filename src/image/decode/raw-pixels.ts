import { wrongType, wrongValue } from '../../errors.js'
import { count } from '../../options/index.js'
import { lengthOf } from '../../tensor/index.js'
import type { RgbImage } from '../preprocess/normalise.js'
import { isByteArray, type RawPixels } from '../source/image-source.js'
import { toRgb } from './to-rgb.js'

/** @throws TypeError or RangeError unless the number of bytes matches the size */
export function checkRawPixels({ data, width, height, channels }: RawPixels): void {
  if (!isByteArray(data)) throw wrongType('image.data', 'a Uint8Array or Uint8ClampedArray', data)
  count(1).check('image.width', width)
  count(1).check('image.height', height)
  if (![1, 3, 4].includes(channels)) throw wrongValue('image.channels', '1, 3 or 4', channels)
  const [expected, got] = [width * height * channels, lengthOf(data)]
  if (got === expected) return
  const size = `${width} × ${height} × ${channels}`
  throw wrongValue('image.data.length', `${expected} (${size})`, got)
}

/** Converts pixels to RGB in memory of their own: repeats grey, drops alpha. */
export async function rawToRgb({
  data,
  width,
  height,
  channels,
}: Omit<RawPixels, 'channels'> & { readonly channels: number }): Promise<RgbImage> {
  // A copy: the caller may change, shrink or transfer the original meanwhile.
  const own = new Uint8Array(data)
  if (channels === 3) return { width, height, data: own }
  return { width, height, data: await toRgb(own, channels, channels < 3 ? 'grey' : 'rgb') }
}
