import type { RgbImage } from '../preprocess/normalise.js'
import { grow, Room, withKernels, type WasmKernels } from '../wasm/kernels.js'
import { onlyInside, openCvTaps, openCvWeights, type OpenCvFilter } from './opencv-weights.js'
import { EventLoopYielder, type Part } from './resample-target.js'

/** Target size over source size. */
interface Scale {
  readonly x: number
  readonly y: number
}

/**
 * Resizes a part of the image with 2, 4 or 8 weights along rows and as many along columns, like `cv2.resize`.
 * Keeps the last computed rows, as many as one target row needs.
 */
export async function openCvFilter(
  image: RgbImage,
  scale: Scale,
  part: Part,
  method: OpenCvFilter,
): Promise<RgbImage> {
  const data = new Uint8Array(3 * part.width * part.height)
  await withKernels(async (arithmetic) => {
    const rows = rowsOf(arithmetic, image, scale, part, method)
    const pace = new EventLoopYielder()
    for (let row = 0; row < part.height; row += 1) {
      data.set(rows(row), 3 * part.width * row)
      if (pace.isDue(6 * part.width * openCvTaps[method])) await pace.pause()
    }
  })
  return { width: part.width, height: part.height, data }
}

/** Returns a function that computes a target row; each call overwrites the row of the previous one. */
function rowsOf(
  arithmetic: WasmKernels,
  image: RgbImage,
  scale: Scale,
  part: Part,
  method: OpenCvFilter,
): (row: number) => Uint8Array {
  const { memory, downTwo, downFour, downEight } = arithmetic
  const taps = openCvTaps[method]
  const across = openCvWeights(method, scale.x, part.left, part.width)
  const down = openCvWeights(method, scale.y, part.top, part.height)
  if (taps === 2) onlyInside(across, image.width)
  const values = 3 * part.width
  const firstPixel = Math.min(...ends(across.starts))
  const pixels = Math.max(...ends(across.starts)) + taps - firstPixel

  const room = new Room()
  const startsAt = room.of(4 * part.width + 4)
  const weightsAt = room.of(across.weights.byteLength)
  const source = room.of(3 * pixels)
  const keptAt = Array.from({ length: taps }, () => room.of((taps === 2 ? 2 : 4) * values))
  const rowsAt = room.of(4 * taps)
  const rowWeightsAt = room.of(4 * taps)
  const target = room.of(values)
  grow(memory, room.end)
  const [bytes, words] = [new Uint8Array(memory.buffer), new Int32Array(memory.buffer)]
  words.set(
    across.starts.map((start) => 3 * (start - firstPixel)),
    startsAt / 4,
  )
  words[startsAt / 4 + part.width] = 0 // Row starts are read in pairs.
  const floats = new Float32Array(memory.buffer)
  if (method === 'cubic') floats.set(across.weights, weightsAt / 4)
  else new Int16Array(memory.buffer).set(across.weights, weightsAt / 2)
  const rowWeights = method === 'cubic' ? floats : words

  const acrossRow = { 2: arithmetic.acrossTwo, 4: arithmetic.acrossFour, 8: arithmetic.acrossEight }[taps]
  const kept = new Int32Array(taps).fill(-1)
  /** The address of a source row after the horizontal pass. */
  const addressOf = (row: number): number => {
    const slot = row % taps
    const address = keptAt[slot] ?? 0
    if (kept[slot] === row) return address
    kept[slot] = row
    copyRow(image, row, firstPixel, pixels, bytes, source)
    acrossRow(source, startsAt, weightsAt, part.width, address)
    return address
  }

  return (row) => {
    const addresses = Array.from({ length: taps }, (_, tap) =>
      addressOf(clamp((down.starts[row] ?? 0) + tap, 0, image.height - 1)),
    )
    const weights = down.weights.subarray(taps * row, taps * (row + 1))
    const [first = 0, second = 0, third = 0, fourth = 0] = addresses
    if (taps === 2) {
      downTwo(first, second, weights[0] ?? 0, weights[1] ?? 0, values, target)
    } else {
      rowWeights.set(weights, rowWeightsAt / 4)
      words.set(addresses, rowsAt / 4)
      if (taps === 4) downFour(first, second, third, fourth, rowWeightsAt, values, target)
      else downEight(rowsAt, rowWeightsAt, values, target)
    }
    return bytes.subarray(target, target + values)
  }
}

/** Copies pixels of a source row from `first` on; beyond the image, repeats the border. */
function copyRow(
  { width, data }: RgbImage,
  row: number,
  first: number,
  pixels: number,
  into: Uint8Array,
  at: number,
): void {
  const [start, end] = [Math.max(first, 0), Math.min(first + pixels, width)]
  const from = 3 * row * width
  into.set(data.subarray(from + 3 * start, from + 3 * end), at + 3 * (start - first))
  for (let pixel = first; pixel < 0; pixel += 1)
    into.set(data.subarray(from, from + 3), at + 3 * (pixel - first))
  const last = data.subarray(from + 3 * (width - 1), from + 3 * width)
  for (let pixel = width; pixel < first + pixels; pixel += 1) into.set(last, at + 3 * (pixel - first))
}

function ends(starts: Int32Array): [number, number] {
  return [starts[0] ?? 0, starts[starts.length - 1] ?? 0]
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most)
}
