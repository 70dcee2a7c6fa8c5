import type { Normalisation } from '../model/index.js'
import { releaseKernels, grow, Room, acquireKernels } from './arithmetic.js'

/** Decoded pixels: rows from the top, each pixel its R, G and B. */
export interface RgbImage {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

/** Is handed the normalised values of `count` pixels from the `first` on: R, G and B for themselves. They are overwritten later. */
export type Planes = (first: number, count: number, planes: readonly Float32Array[]) => void

/** Pixels that are computed at once, in memory of that size; what is looked up in tables keeps to the processor's own. */
const [chunk, smallChunk] = [65536, 8192]

/**
 * Normalises all pixels, whole rows at once, bit for bit as numpy does it.
 *
 * @param by - its channels are R, G and B here
 */
export function normalise(image: RgbImage, by: Normalisation, use: Planes): void {
  const wholeRows = (pixels: number): number => Math.max(1, Math.floor(pixels / image.width)) * image.width
  if (by.inDouble === true) fromTables(image, by, wholeRows(smallChunk), use)
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

/** There are 256 values for each channel, whatever the arithmetic. */
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

/** Moving whole numbers takes half as long as moving floating ones. */
function bitsOf(values: Float32Array): Int32Array {
  return new Int32Array(values.buffer)
}

function lookUp(data: Uint8Array, from: number, count: number, table: Int32Array, to: Int32Array): void {
  for (let pixel = 0, at = from; pixel < count; pixel += 1, at += 3) {
    to[pixel] = table[data[at] ?? 0] ?? 0
  }
}

/** One value, rounded after each step as numpy rounds it. */
export function normalised(
  value: number,
  { scale, mean, std, inDouble }: Normalisation,
  channel: number,
): number {
  const { fround } = Math
  const [less, over] = [mean[channel] ?? 0, std[channel] ?? 1]
  const scaled = fround(fround(value) * fround(scale))
  if (inDouble === true) return fround(fround(scaled - less) / over)
  return fround(fround(scaled - fround(less)) / fround(over))
}
