import type { RgbImage } from '../preprocess/normalise.js'
import { grow, Room, withKernels, type WasmKernels } from '../wasm/kernels.js'
import { EventLoopYielder, type Part } from './resample-target.js'

/** Source pixels per target pixel. */
interface Steps {
  readonly x: number
  readonly y: number
}

/**
 * Reduces a part of the image like `cv2.resize` with `INTER_AREA`, or with `INTER_LINEAR` to a half, where
 * each target pixel is the mean of whole source pixels. At the right and bottom edges there may be fewer of
 * them.
 */
export async function openCvBoxes(image: RgbImage, steps: Steps, part: Part): Promise<RgbImage> {
  const data = new Uint8Array(3 * part.width * part.height)
  await withKernels((arithmetic) => reduce(arithmetic, image, steps, part, data))
  return { width: part.width, height: part.height, data }
}

/** How sums are divided: see `boxes`. */
const [byFour, multiplies, divides] = [0, 1, 2]

async function reduce(
  { memory, addRow, boxes }: WasmKernels,
  image: RgbImage,
  { x, y }: Steps,
  part: Part,
  data: Uint8Array,
): Promise<void> {
  const values = 3 * part.width
  const firstPixel = part.left * x
  const pixels = Math.min((part.left + part.width) * x, image.width) - firstPixel
  const whole = Math.floor(pixels / x)
  const ofWhole = x === 2 && y === 2 ? byFour : multiplies

  const room = new Room()
  const source = room.of(3 * pixels)
  const sums = room.of(12 * pixels)
  const target = room.of(values)
  grow(memory, room.end)
  const bytes = new Uint8Array(memory.buffer)
  const pace = new EventLoopYielder()
  for (let row = 0; row < part.height; row += 1) {
    const firstRow = (part.top + row) * y
    const rows = Math.min(y, image.height - firstRow)
    for (let tap = 0; tap < rows; tap += 1) {
      const from = 3 * (image.width * (firstRow + tap) + firstPixel)
      bytes.set(image.data.subarray(from, from + 3 * pixels), source)
      addRow(source, 3 * pixels, sums, tap === 0)
      if (pace.isDue(6 * pixels)) await pace.pause()
    }
    boxes(sums, x, whole, x * rows, rows < y ? divides : ofWhole, target)
    if (whole < part.width) {
      const rest = pixels - whole * x
      boxes(sums + 12 * x * whole, rest, 1, rest * rows, divides, target + 3 * whole)
    }
    data.set(bytes.subarray(target, target + values), values * row)
  }
}
