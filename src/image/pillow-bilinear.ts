import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Size } from '../model/preprocessing.js'
import type { RgbImage } from './normalise.js'

/** The part of the resized image that is wanted. */
export interface Part extends Size {
  readonly left: number
  readonly top: number
}

const { imul } = Math

/** Pillow keeps weights as integers with so many bits behind the point. */
const bits = 22
const half = 1 << (bits - 1)

/** Multiplications after which other work of the process gets its turn: some milliseconds. */
const turn = 4_000_000

/**
 * A part of the image resized to `size`, in the arithmetic of Pillow's `resize(size, BILINEAR)`: a triangle over all
 * source pixels that fall into a target pixel, with integer weights, first along the rows, then along the columns.
 */
export async function pillowBilinear(image: RgbImage, size: Size, part: Part): Promise<RgbImage> {
  const across = weightsFor(image.width, size.width, part.left, part.width)
  const down = weightsFor(image.height, size.height, part.top, part.height)
  const firstRow = down.starts[0] ?? 0
  const endRow = (down.starts[part.height - 1] ?? 0) + (down.counts[part.height - 1] ?? 0)
  const stride = 3 * part.width
  const rows = new Uint8Array((endRow - firstRow) * stride)
  const rowsPerTurn = Math.max(1, Math.floor(turn / (stride * across.taps)))
  for (let row = firstRow; row < endRow; row += 1) {
    if ((row - firstRow) % rowsPerTurn === rowsPerTurn - 1) await nextTurn()
    narrowRow(image, row, across, rows.subarray((row - firstRow) * stride, (row - firstRow + 1) * stride))
  }
  const data = new Uint8Array(part.height * stride)
  const sums = new Int32Array(stride)
  for (let row = 0; row < part.height; row += 1) {
    sums.fill(half)
    for (let tap = 0; tap < (down.counts[row] ?? 0); tap += 1) {
      addRow(
        sums,
        rows,
        ((down.starts[row] ?? 0) - firstRow + tap) * stride,
        down.weights[row * down.taps + tap] ?? 0,
      )
    }
    for (let at = 0; at < stride; at += 1) data[row * stride + at] = (sums[at] ?? 0) >> bits
  }
  return { width: part.width, height: part.height, data }
}

/** For each target pixel: the first source pixel, how many there are, and the weight of each. */
interface Weights {
  readonly starts: Int32Array
  readonly counts: Int32Array
  readonly weights: Int32Array
  /** Room for the weights of one target pixel. */
  readonly taps: number
}

function weightsFor(from: number, to: number, first: number, count: number): Weights {
  const scale = from / to
  const support = Math.max(scale, 1)
  const taps = 2 * Math.ceil(support) + 1
  const weights = new Int32Array(count * taps)
  const starts = new Int32Array(count)
  const counts = new Int32Array(count)
  for (let target = 0; target < count; target += 1) {
    const centre = (first + target + 0.5) * scale
    const start = Math.max(0, Math.trunc(centre - support + 0.5))
    const end = Math.min(from, Math.trunc(centre + support + 0.5))
    const shares = Array.from({ length: end - start }, (_, tap) =>
      Math.max(0, 1 - Math.abs((start + tap - centre + 0.5) / support)),
    )
    const sum = shares.reduce((total, share) => total + share, 0)
    weights.set(
      shares.map((share) => Math.trunc((share / sum) * 2 ** bits + 0.5)),
      target * taps,
    )
    starts[target] = start
    counts[target] = end - start
  }
  return { starts, counts, weights, taps }
}

function narrowRow({ data, width }: RgbImage, row: number, across: Weights, into: Uint8Array): void {
  const { starts, counts, weights, taps } = across
  for (let target = 0, to = 0; target < starts.length; target += 1, to += 3) {
    let red = half
    let green = half
    let blue = half
    let from = 3 * (row * width + (starts[target] ?? 0))
    const end = target * taps + (counts[target] ?? 0)
    for (let at = target * taps; at < end; at += 1, from += 3) {
      const weight = weights[at] ?? 0
      red += imul(data[from] ?? 0, weight)
      green += imul(data[from + 1] ?? 0, weight)
      blue += imul(data[from + 2] ?? 0, weight)
    }
    into[to] = red >> bits
    into[to + 1] = green >> bits
    into[to + 2] = blue >> bits
  }
}

function addRow(sums: Int32Array, rows: Uint8Array, from: number, weight: number): void {
  for (let at = 0; at < sums.length; at += 1) {
    sums[at] = (sums[at] ?? 0) + imul(rows[from + at] ?? 0, weight)
  }
}
