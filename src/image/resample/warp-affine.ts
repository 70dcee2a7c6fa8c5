import type { Size } from '../../model/index.js'
import type { RgbImage } from '../preprocess/normalise.js'
import { roundHalfToEven } from '../preprocess/sizes.js'
import { EventLoopYielder } from './resample-target.js'

type Point = readonly [x: number, y: number]

/** An affine transform: `x' = a x + b y + c`, `y' = d x + e y + f`. */
type Transform = readonly [a: number, b: number, c: number, d: number, e: number, f: number]

/** OpenCV computes positions in units of 1/1024 pixel, and weights in units of 1/32. */
const [unitsOfPosition, unitsOfWeight] = [1024, 32]
const half = unitsOfPosition / unitsOfWeight / 2

/**
 * Scales an image so that its longer side becomes the width of `size`, and places its centre in the centre of
 * that size, on black: PaddleDetection's `WarpAffine` without `keep_res`, with the pixels of `cv2.warpAffine` and
 * `INTER_LINEAR`. Yields to the event loop regularly.
 */
export async function warpToCentre(image: RgbImage, size: Size): Promise<RgbImage> {
  const [a, b, c, d, e, f] = inverse(centring(image, size))
  const { width, height } = size
  const data = new Uint8Array(3 * width * height)
  const across = Int32Array.from({ length: width }, (_, x) => roundHalfToEven(a * x * unitsOfPosition))
  const down = Int32Array.from({ length: width }, (_, x) => roundHalfToEven(d * x * unitsOfPosition))
  const pace = new EventLoopYielder()
  for (let y = 0, to = 0; y < height; y += 1) {
    const left = roundHalfToEven((b * y + c) * unitsOfPosition) + half
    const top = roundHalfToEven((e * y + f) * unitsOfPosition) + half
    for (let x = 0; x < width; x += 1, to += 3) {
      const atX = (left + (across[x] ?? 0)) >> 5
      const atY = (top + (down[x] ?? 0)) >> 5
      writeBetween(image, atX, atY, data, to)
    }
    if (pace.isDue(12 * width)) await pace.pause()
  }
  return { width, height, data }
}

/** Writes the pixel at a position in units of 1/32, from the four around it; there is black outside of the image. */
function writeBetween(
  { width, height, data }: RgbImage,
  x: number,
  y: number,
  into: Uint8Array,
  to: number,
): void {
  const [column, row] = [x >> 5, y >> 5]
  if (column < -1 || row < -1 || column >= width || row >= height) return
  const [right, below] = [x & (unitsOfWeight - 1), y & (unitsOfWeight - 1)]
  const [left, above] = [unitsOfWeight - right, unitsOfWeight - below]
  const hasLeft = column >= 0
  const hasRight = column + 1 < width
  const at = 3 * (row * width + column)
  const next = at + 3 * width
  for (let channel = 0; channel < 3; channel += 1) {
    let sum = 0
    if (row >= 0) {
      if (hasLeft) sum += left * above * (data[at + channel] ?? 0)
      if (hasRight) sum += right * above * (data[at + channel + 3] ?? 0)
    }
    if (row + 1 < height) {
      if (hasLeft) sum += left * below * (data[next + channel] ?? 0)
      if (hasRight) sum += right * below * (data[next + channel + 3] ?? 0)
    }
    into[to + channel] = (sum + 512) >> 10
  }
}

/** `get_affine_transform` of PaddleDetection without rotation, from the image to `size`. */
function centring(image: Size, size: Size): Transform {
  const longer = Math.max(image.width, image.height)
  const from = triangle([image.width / 2, image.height / 2], longer)
  const to = triangle([size.width * 0.5, size.height * 0.5], size.width)
  const rows = from.flatMap(([x, y]) => [
    [x, y, 1, 0, 0, 0],
    [0, 0, 0, x, y, 1],
  ])
  return solved(rows, to.flat())
}

/** The centre, the middle of the upper edge, and the third corner of the square over these. In float32. */
function triangle(centre: Point, width: number): readonly Point[] {
  const { fround } = Math
  const [x, y] = centre.map(fround) as [number, number]
  const top = fround(y - width * 0.5)
  return [
    [x, y],
    [x, top],
    [fround(x - fround(y - top)), top],
  ]
}

/** Solves a system of linear equations as `cv2.getAffineTransform`: the last bits decide how a half is rounded. */
function solved(rows: number[][], values: number[]): Transform {
  const at = (row: number, column: number): number => rows[row]?.[column] ?? 0
  for (let pivot = 0; pivot < values.length; pivot += 1) {
    let best = pivot
    for (let row = pivot + 1; row < values.length; row += 1) {
      if (Math.abs(at(row, pivot)) > Math.abs(at(best, pivot))) best = row
    }
    ;[rows[pivot], rows[best]] = [rows[best] ?? [], rows[pivot] ?? []]
    ;[values[pivot], values[best]] = [values[best] ?? 0, values[pivot] ?? 0]
    const divisor = -1 / at(pivot, pivot)
    for (let row = pivot + 1; row < values.length; row += 1) {
      const factor = at(row, pivot) * divisor
      rows[row] = (rows[row] ?? []).map((value, column) =>
        column > pivot ? value + factor * at(pivot, column) : value,
      )
      values[row] = (values[row] ?? 0) + factor * (values[pivot] ?? 0)
    }
  }
  for (let row = values.length - 1; row >= 0; row -= 1) {
    let rest = values[row] ?? 0
    for (let column = row + 1; column < values.length; column += 1)
      rest -= at(row, column) * (values[column] ?? 0)
    values[row] = rest / at(row, row)
  }
  return values as unknown as Transform
}

function inverse([a, b, c, d, e, f]: Transform): Transform {
  const determinant = 1 / (a * e - b * d)
  const [newA, newE] = [e * determinant, a * determinant]
  const [newB, newD] = [b * -determinant, d * -determinant]
  return [newA, newB, -newA * c - newB * f, newD, newE, -newD * c - newE * f]
}
