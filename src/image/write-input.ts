import { wrongValue } from '../errors.js'
import type { Padding, Preprocessing, Size } from '../model/index.js'
import { inputSize, padded } from './input-size.js'
import { normalise, normalised, type RgbImage } from './normalise.js'

/**
 * Writes an image into `target` from `offset` on as a network sees it: normalised, channels first in the order that it wants, padded.
 * `preprocessing.planes` times `inputSize` values are written.
 *
 * The values are, bit for bit, those that numpy computes for PaddleClas and PaddleDetection.
 *
 * @param pixels - after all steps of `preprocessing`, RGB
 * @throws RangeError when `target` ends before the input does
 */
export function writeInput(
  target: Float32Array,
  offset: number,
  pixels: RgbImage,
  preprocessing: Preprocessing,
): void {
  const { padding, planes, channels } = preprocessing
  const size = inputSize(preprocessing, pixels)
  const plane = size.width * size.height
  if (!(offset >= 0 && offset + planes * plane <= target.length)) {
    throw wrongValue('offset', `an offset with room for ${planes * plane} values in ${target.length}`, offset)
  }
  if (planes === 4) target.fill(0, offset + 3 * plane, offset + 4 * plane)
  if (padding.length > 0) pad(target, offset, size, pixels, preprocessing)
  const { scale, mean, std, inDouble = false } = preprocessing.normalise
  // The network's order, and R, G and B.
  const [red, green, blue] = channels === 'RGB' ? ([0, 1, 2] as const) : ([2, 1, 0] as const)
  const ofRgb = (values: Preprocessing['normalise']['mean']): typeof values => [
    values[red],
    values[green],
    values[blue],
  ]
  const by = { scale, mean: ofRgb(mean), std: ofRgb(std), inDouble }
  const { width } = pixels
  normalise(pixels, by, (first, count, values) => {
    for (const [channel, to] of [red, green, blue].entries()) {
      const from = values[channel] ?? new Float32Array()
      const start = offset + to * plane
      if (width === size.width) target.set(from.subarray(0, count), start + first)
      else {
        // Whole rows: `first` is the beginning of one.
        for (let at = 0; at < count; at += width) {
          target.set(from.subarray(at, at + width), start + ((first + at) / width) * size.width)
        }
      }
    }
  })
}

/** Fills what lies around the image, from the outermost padding to the innermost. */
function pad(
  target: Float32Array,
  offset: number,
  outer: Size,
  pixels: Size,
  { padding, normalise: by }: Preprocessing,
): void {
  const sizes: [Size, Padding][] = []
  let size = pixels
  for (const step of padding) {
    size = padded(size, step)
    sizes.push([size, step])
  }
  for (const [{ width, height }, { fill, isNormalised }] of sizes.reverse()) {
    for (const [channel, value] of fill.entries()) {
      const start = offset + channel * outer.width * outer.height
      const written = isNormalised ? normalised(value, by, channel) : value
      for (let row = 0; row < height; row += 1) {
        const at = start + row * outer.width
        target.fill(written, at, at + width)
      }
    }
  }
}
