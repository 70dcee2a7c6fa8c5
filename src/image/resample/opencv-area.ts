import type { RgbImage } from '../preprocess/normalise.js'
import { grow, Room, withKernels, type WasmKernels } from '../wasm/kernels.js'
import { EventLoopYielder, type Part } from './resample-target.js'

/** Source pixels per target pixel. */
interface Steps {
  readonly x: number
  readonly y: number
}

/** For each target pixel: its first source pixel, the number of source pixels, and the share of each. */
export interface Shares {
  readonly starts: Int32Array
  readonly counts: Int32Array
  readonly weights: Float32Array
  /** The most shares of one target pixel. */
  readonly room: number
}

/** Thinner slices of a pixel are ignored. */
const thin = 1e-3

export function sharesFor(from: number, step: number, first: number, count: number): Shares {
  const room = Math.ceil(step) + 2
  const starts = new Int32Array(count)
  const counts = new Int32Array(count)
  const weights = new Float32Array(count * room)
  for (let index = 0; index < count; index += 1) {
    const begin = (first + index) * step
    const end = begin + step
    const width = Math.min(step, from - begin)
    const lastWhole = Math.min(Math.floor(end), from - 1)
    const firstWhole = Math.min(Math.ceil(begin), lastWhole)
    const shares: number[] = []
    const before = firstWhole - begin
    if (before > thin) shares.push(before / width)
    for (let pixel = firstWhole; pixel < lastWhole; pixel += 1) shares.push(1 / width)
    const after = end - lastWhole
    if (after > thin) shares.push(Math.min(after, 1, width) / width)
    starts[index] = before > thin ? firstWhole - 1 : firstWhole
    counts[index] = shares.length
    weights.set(shares, index * room)
  }
  return { starts, counts, weights, room }
}

/** Reduces a part of the image like `cv2.resize` with `INTER_AREA`, in float32 as there. */
export async function openCvArea(image: RgbImage, steps: Steps, part: Part): Promise<RgbImage> {
  const data = new Uint8Array(3 * part.width * part.height)
  await withKernels((arithmetic) => reduce(arithmetic, image, steps, part, data))
  return { width: part.width, height: part.height, data }
}

async function reduce(
  { memory, areaAcross, areaDown, areaRound }: WasmKernels,
  image: RgbImage,
  steps: Steps,
  part: Part,
  data: Uint8Array,
): Promise<void> {
  const across = sharesFor(image.width, steps.x, part.left, part.width)
  const down = sharesFor(image.height, steps.y, part.top, part.height)
  const values = 3 * part.width
  const firstPixel = across.starts[0] ?? 0
  const pixels = (across.starts[part.width - 1] ?? 0) + (across.counts[part.width - 1] ?? 0) - firstPixel

  const room = new Room()
  const startsAt = room.of(4 * part.width)
  const countsAt = room.of(4 * part.width)
  const weightsAt = room.of(across.weights.byteLength)
  const source = room.of(3 * pixels)
  const narrowed = room.of(4 * values)
  const sums = room.of(4 * values)
  const target = room.of(values)
  grow(memory, room.end)
  const words = new Int32Array(memory.buffer)
  words.set(
    across.starts.map((start) => 3 * (start - firstPixel)),
    startsAt / 4,
  )
  words.set(across.counts, countsAt / 4)
  new Float32Array(memory.buffer).set(across.weights, weightsAt / 4)

  const bytes = new Uint8Array(memory.buffer)
  const pace = new EventLoopYielder()
  for (let row = 0; row < part.height; row += 1) {
    const count = down.counts[row] ?? 0
    for (let tap = 0; tap < count; tap += 1) {
      const from = 3 * (image.width * ((down.starts[row] ?? 0) + tap) + firstPixel)
      bytes.set(image.data.subarray(from, from + 3 * pixels), source)
      areaAcross(source, startsAt, countsAt, weightsAt, across.room, part.width, narrowed)
      areaDown(narrowed, down.weights[row * down.room + tap] ?? 0, values, sums, tap === 0)
      if (pace.isDue(3 * pixels + values)) await pace.pause()
    }
    areaRound(sums, values, target)
    data.set(bytes.subarray(target, target + values), values * row)
  }
}
