import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Size } from '../model/preprocessing.js'
import { giveArithmetic, grow, Room, takeArithmetic, type Arithmetic } from './arithmetic.js'
import type { RgbImage } from './normalise.js'

/** The part of the resized image that is wanted. */
export interface Part extends Size {
  readonly left: number
  readonly top: number
}

/** An image that may have been reduced while it was decoded. */
export interface ReducedImage extends RgbImage {
  /** Its size before it was rounded up to whole pixels. */
  readonly exactSize?: Size
}

/** Pillow keeps weights as integers with so many bits behind the point. */
const bits = 22

/** Multiplications after which other work of the process gets its turn: some milliseconds. */
const turn = 8_000_000

/** The most bytes of rows that are copied in at once. */
const bandBytes = 256 * 1024

/**
 * A part of the image resized to `size`, in the arithmetic of Pillow's `resize(size, BILINEAR)`: a triangle over all
 * source pixels that fall into a target pixel, with integer weights, first along the rows, then along the columns. The result is
 * Pillow's to the last bit.
 */
export async function pillowBilinear(image: ReducedImage, size: Size, part: Part): Promise<RgbImage> {
  const arithmetic = takeArithmetic()
  const data = await resizedPart(arithmetic, image, size, part)
  giveArithmetic(arithmetic)
  return { width: part.width, height: part.height, data }
}

async function resizedPart(
  { memory, narrow, lower }: Arithmetic,
  image: ReducedImage,
  size: Size,
  part: Part,
): Promise<Uint8Array> {
  const { width, height } = image.exactSize ?? image
  const across = weightsFor(image.width, width / size.width, part.left, part.width)
  const down = weightsFor(image.height, height / size.height, part.top, part.height)
  const firstRow = down.starts[0] ?? 0
  const rows = (down.starts[part.height - 1] ?? 0) + (down.counts[part.height - 1] ?? 0) - firstRow
  const [rowBytes, stride] = [3 * image.width, 3 * part.width]
  const bandRows = Math.min(rows, Math.max(1, Math.floor(bandBytes / rowBytes)))

  const { pairs, split } = inPairs(across)
  const room = new Room()
  const startsAt = room.of(across.starts.byteLength)
  const pairsAt = room.of(pairs.byteLength)
  const splitAt = room.of(split.byteLength)
  const weightsAt = room.of(down.weights.byteLength)
  const band = room.of(bandRows * rowBytes)
  const narrowed = room.of(rows * stride)
  const target = room.of(part.height * stride)
  grow(memory, room.end)
  const words = new Int32Array(memory.buffer)
  words.set(across.starts, startsAt / 4)
  words.set(pairs, pairsAt / 4)
  words.set(split, splitAt / 4)
  words.set(down.weights, weightsAt / 4)

  const bytes = new Uint8Array(memory.buffer)
  let work = 0
  for (let row = 0; row < rows; row += bandRows) {
    const count = Math.min(bandRows, rows - row)
    const from = (firstRow + row) * rowBytes
    bytes.set(image.data.subarray(from, from + count * rowBytes), band)
    const to = narrowed + row * stride
    narrow(band, rowBytes, count, startsAt, pairsAt, splitAt, pairsOf(across.taps), part.width, to)
    work += count * stride * across.taps
    if (work < turn) continue
    work = 0
    await nextTurn()
  }
  for (let row = 0; row < part.height; row += 1) {
    const from = narrowed + ((down.starts[row] ?? 0) - firstRow) * stride
    lower(from, stride, weightsAt + 4 * row * down.taps, down.counts[row] ?? 0, target + row * stride)
    work += stride * down.taps
    if (work < turn) continue
    work = 0
    await nextTurn()
  }
  return bytes.slice(target, target + part.height * stride)
}

/** The most memory that resizing may take, in bytes; an image has to be very long for more. */
const mostRoom = 2 ** 30

/** @throws RangeError when resizing would take more memory than WebAssembly may have */
export function checkRoom(image: Size, size: Size, part: Part): void {
  const scales = [image.width / size.width, image.height / size.height] as const
  const [across, down] = scales.map((scale) => 2 * Math.max(scale, 1) + 3) as [number, number]
  const rows = Math.min(image.height, part.height * scales[1] + down)
  const bytes = 3 * part.width * rows + 12 * across * part.width + 4 * down * part.height + 3 * image.width
  if (bytes > mostRoom) throw new RangeError(`resizing would take ${Math.round(bytes)} bytes`)
}

/** The weights as `narrow` takes them: two by two, the last one beside a 0 where they are odd, in an upper and a lower part. */
function inPairs({ counts, weights, taps }: Weights): { pairs: Int32Array; split: Int32Array } {
  const room = pairsOf(taps)
  const split = new Int32Array(counts.length * room * 2)
  for (let target = 0; target < counts.length; target += 1) {
    for (let pair = 0; pair < room; pair += 1) {
      const at = target * taps + 2 * pair
      const first = weights[at] ?? 0
      const second = 2 * pair + 1 < taps ? (weights[at + 1] ?? 0) : 0
      const to = 2 * (target * room + pair)
      split[to] = (first >> 11) | ((second >> 11) << 16)
      split[to + 1] = (first & 0x7ff) | ((second & 0x7ff) << 16)
    }
  }
  return { pairs: counts.map(pairsOf), split }
}

function pairsOf(weights: number): number {
  return Math.ceil(weights / 2)
}

/** For each target pixel: the first source pixel, how many there are, and the weight of each. */
interface Weights {
  readonly starts: Int32Array
  readonly counts: Int32Array
  readonly weights: Int32Array
  /** Room for the weights of one target pixel. */
  readonly taps: number
}

/** @param from - how many source pixels there are @param scale - how many of them make a target pixel */
function weightsFor(from: number, scale: number, first: number, count: number): Weights {
  const support = Math.max(scale, 1)
  const taps = 2 * Math.ceil(support) + 1
  const weights = new Int32Array(count * taps)
  const starts = new Int32Array(count)
  const counts = new Int32Array(count)
  const shares = new Float64Array(taps)
  for (let target = 0; target < count; target += 1) {
    const centre = (first + target + 0.5) * scale
    const start = Math.max(0, Math.trunc(centre - support + 0.5))
    const end = Math.min(from, Math.trunc(centre + support + 0.5))
    let sum = 0
    for (let tap = 0; tap < end - start; tap += 1) {
      const share = Math.max(0, 1 - Math.abs((start + tap - centre + 0.5) / support))
      shares[tap] = share
      sum += share
    }
    for (let tap = 0; tap < end - start; tap += 1) {
      weights[target * taps + tap] = Math.trunc(((shares[tap] ?? 0) / sum) * 2 ** bits + 0.5)
    }
    starts[target] = start
    counts[target] = end - start
  }
  return { starts, counts, weights, taps }
}
