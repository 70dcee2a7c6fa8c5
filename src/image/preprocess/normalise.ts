import { wrongValue } from '../../errors.js'
import type { Normalisation, Preprocessing, Size } from '../../model/index.js'
import { acquireKernels, grow, releaseKernels, Room } from '../wasm/kernels.js'
import { inputCorner, inputSize, paddedImages } from './input-size.js'

/** Decoded pixels: rows from the top, R, G and B for each pixel. */
export interface RgbImage {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

/**
 * Receives the normalised values of `count` pixels from `first` on, as planes of R, G and B. The planes are
 * reused.
 */
type Planes = (first: number, count: number, planes: readonly Float32Array[]) => void

/** The pixels of one pass: table lookups use a size that stays in the processor's cache. */
const [chunk, smallChunk] = [65536, 8192]

/**
 * Normalises all pixels, whole rows at a time, bit for bit as numpy does.
 *
 * @param by - its channels are in the order R, G, B
 */
function normalise(image: RgbImage, by: Normalisation, use: Planes): void {
  const wholeRows = (pixels: number): number => Math.max(1, Math.floor(pixels / image.width)) * image.width
  if (by.inDouble === true || by.divisor !== undefined) fromTables(image, by, wholeRows(smallChunk), use)
  else inFloat32(image, by, wholeRows(chunk), use)
}

/** numpy's float32 `(image * scale - mean) / std`. */
function inFloat32({ data, width, height }: RgbImage, by: Normalisation, atOnce: number, use: Planes): void {
  const { fround } = Math
  const scale = fround(by.scale)
  const meansAndStds = [...by.mean, ...by.std].map(fround)
  const pixels = width * height
  const most = Math.min(pixels, atOnce)
  const room = new Room()
  const source = room.of(3 * most)
  const planeBytes = 4 * most + 16
  const planesAt = room.of(3 * planeBytes)
  const arithmetic = acquireKernels()
  grow(arithmetic.memory, room.end)
  const { buffer } = arithmetic.memory
  const bytes = new Uint8Array(buffer)
  const planes = [0, 1, 2].map((channel) => new Float32Array(buffer, planesAt + channel * planeBytes, most))
  for (let first = 0; first < pixels; first += most) {
    const count = Math.min(most, pixels - first)
    bytes.set(data.subarray(3 * first, 3 * (first + count)), source)
    arithmetic.normalise(source, count, planesAt, planeBytes, scale, ...meansAndStds)
    use(first, count, planes)
  }
  releaseKernels(arithmetic)
}

/** Each channel has 256 possible values, so tables work for any arithmetic. */
function fromTables({ data, width, height }: RgbImage, by: Normalisation, atOnce: number, use: Planes): void {
  const pixels = width * height
  const most = Math.min(pixels, atOnce)
  const channels = [0, 1, 2].map((channel) => ({
    table: tableFor(by, channel),
    plane: new Float32Array(most),
  }))
  const planes = channels.map(({ plane }) => plane)
  for (let first = 0; first < pixels; first += most) {
    const count = Math.min(most, pixels - first)
    for (const [channel, { table, plane }] of channels.entries()) {
      lookUp(data, 3 * first + channel, count, bitsOf(table), bitsOf(plane))
    }
    use(first, count, planes)
  }
}

function tableFor(by: Normalisation, channel: number): Float32Array {
  const table = new Float32Array(256)
  for (let value = 0; value < 256; value += 1) table[value] = normalised(value, by, channel)
  return table
}

/** Copying integers takes half as long as copying floats. */
function bitsOf(values: Float32Array): Int32Array {
  return new Int32Array(values.buffer)
}

function lookUp(data: Uint8Array, from: number, count: number, table: Int32Array, to: Int32Array): void {
  for (let pixel = 0, at = from; pixel < count; pixel += 1, at += 3) {
    to[pixel] = table[data[at] ?? 0] ?? 0
  }
}

/** Normalises one value, rounding after each step as numpy does. */
function normalised(
  value: number,
  { scale, mean, std, divisor, inDouble }: Normalisation,
  channel: number,
): number {
  const { fround } = Math
  const [less, over] = [mean[channel] ?? 0, std[channel] ?? 1]
  const divided = divisor === undefined ? fround(value) : fround(fround(value) / fround(divisor))
  const scaled = fround(divided * fround(scale))
  if (inDouble === true) return fround(fround(scaled - less) / over)
  return fround(fround(scaled - fround(less)) / fround(over))
}

/**
 * Writes an image into `target` from `offset` on as the input of a network: normalised, channels first in the
 * network's order, padded. Writes `preprocessing.planes` times `inputSize` values.
 *
 * The values equal, bit for bit, those that numpy computes for PaddleClas and PaddleDetection.
 *
 * @param pixels - RGB, after all steps of `preprocessing`
 * @throws RangeError if the input does not fit into `target`
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
  const { mean, std, ...rest } = preprocessing.normalise
  // The planes of R, G and B in the network's order.
  const [red, green, blue] = channels === 'RGB' ? ([0, 1, 2] as const) : ([2, 1, 0] as const)
  const ofRgb = (values: Preprocessing['normalise']['mean']): typeof values => [
    values[red],
    values[green],
    values[blue],
  ]
  const by = { ...rest, mean: ofRgb(mean), std: ofRgb(std) }
  const { width } = pixels
  const { left, top } = inputCorner(preprocessing, pixels)
  const begin = offset + top * size.width + left
  normalise(pixels, by, (first, count, values) => {
    for (const [channel, to] of [red, green, blue].entries()) {
      const from = values[channel] ?? new Float32Array()
      const start = begin + to * plane
      if (width === size.width) target.set(from.subarray(0, count), start + first)
      else {
        // Row by row: `first` is the start of a row.
        for (let at = 0; at < count; at += width) {
          target.set(from.subarray(at, at + width), start + ((first + at) / width) * size.width)
        }
      }
    }
  })
}

/** Fills the padding, from the outermost to the innermost. */
function pad(
  target: Float32Array,
  offset: number,
  outer: Size,
  pixels: Size,
  { padding, normalise: by }: Preprocessing,
): void {
  let [left, top] = [0, 0]
  for (const { step, size, ...corner } of paddedImages(padding, pixels).reverse()) {
    const { fill, isNormalised } = step
    for (const [channel, value] of fill.entries()) {
      const start = offset + channel * outer.width * outer.height
      const written = isNormalised ? normalised(value, by, channel) : value
      for (let row = 0; row < size.height; row += 1) {
        const at = start + (top + row) * outer.width + left
        target.fill(written, at, at + size.width)
      }
    }
    left += corner.left
    top += corner.top
  }
}
