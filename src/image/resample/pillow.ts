import type { Size } from '../../model/index.js'
import type { RgbImage } from '../preprocess/normalise.js'
import { grow, Room, withKernels, type WasmKernels } from '../wasm/kernels.js'
import {
  inPairs,
  pairsOf,
  pillowFilters,
  weightsFor,
  type Filter,
  type PillowFilter,
} from './pillow-weights.js'
import { EventLoopYielder, type Part, type ReducedImage } from './resample-target.js'

/** The most bytes of rows copied in at once. */
const bandBytes = 256 * 1024

/**
 * Resizes a part of the image to `size` in the arithmetic of Pillow's `Image.resize`: a filter over all
 * source pixels of a target pixel, with integer weights, along rows first, then along columns. The result
 * equals Pillow's bit for bit.
 */
export async function pillow(
  image: ReducedImage,
  size: Size,
  part: Part,
  method: PillowFilter,
): Promise<RgbImage> {
  const takes = isTall(image.exactSize ?? image, size) ? columnsFirst : inOnePass
  return takes(image, size, part, pillowFilters[method])
}

/** Images more than a hundred times as high as wide are reduced along columns first. */
function isTall(image: Size, size: Size): boolean {
  return image.height > 100 * image.width && size.height < image.height
}

/** Two passes: one that leaves the rows' width unchanged, then one that leaves the height unchanged. */
async function columnsFirst(image: ReducedImage, size: Size, part: Part, filter: Filter): Promise<RgbImage> {
  const exact = image.exactSize ?? image
  const { width } = image
  const columns = { left: 0, width, top: part.top, height: part.height }
  const lowered = await inOnePass(
    { ...image, exactSize: { width, height: exact.height } },
    { width, height: size.height },
    columns,
    filter,
  )
  return inOnePass(
    { ...lowered, exactSize: { width: exact.width, height: part.height } },
    { width: size.width, height: part.height },
    { ...part, top: 0 },
    filter,
  )
}

async function inOnePass(image: ReducedImage, size: Size, part: Part, filter: Filter): Promise<RgbImage> {
  const data = await withKernels((arithmetic) => resizedPart(arithmetic, image, size, part, filter))
  return { width: part.width, height: part.height, data }
}

async function resizedPart(
  { memory, narrow, lower }: WasmKernels,
  image: ReducedImage,
  size: Size,
  part: Part,
  filter: Filter,
): Promise<Uint8Array> {
  const { width, height } = image.exactSize ?? image
  const across = weightsFor(filter, image.width, width / size.width, part.left, part.width)
  const down = weightsFor(filter, image.height, height / size.height, part.top, part.height)
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
  const pace = new EventLoopYielder()
  for (let row = 0; row < rows; row += bandRows) {
    const count = Math.min(bandRows, rows - row)
    const from = (firstRow + row) * rowBytes
    bytes.set(image.data.subarray(from, from + count * rowBytes), band)
    const to = narrowed + row * stride
    narrow(band, rowBytes, count, startsAt, pairsAt, splitAt, pairsOf(across.taps), part.width, to)
    if (pace.isDue(count * stride * across.taps)) await pace.pause()
  }
  for (let row = 0; row < part.height; row += 1) {
    const from = narrowed + ((down.starts[row] ?? 0) - firstRow) * stride
    lower(from, stride, weightsAt + 4 * row * down.taps, down.counts[row] ?? 0, target + row * stride)
    if (pace.isDue(stride * down.taps)) await pace.pause()
  }
  return bytes.slice(target, target + part.height * stride)
}

/** The most bytes that it needs. */
export function pillowBytes(image: Size, size: Size, part: Part, method: PillowFilter): number {
  const { support } = pillowFilters[method]
  const scales = [image.width / size.width, image.height / size.height] as const
  const [across, down] = scales.map((scale) => 2 * support * Math.max(scale, 1) + 3) as [number, number]
  const rows = Math.min(image.height, part.height * scales[1] + down)
  const width = isTall(image, size) ? Math.max(image.width, part.width) : part.width
  return 3 * width * rows + 12 * across * part.width + 4 * down * part.height + 3 * image.width
}
