import type { Size } from '../../../model/index.js'
import { sharesFor } from '../opencv-area.js'
import { cachedRow, type FloatRows } from './float-rows.js'

const { fround } = Math

/** Source pixels per target pixel. */
interface Steps {
  readonly x: number
  readonly y: number
}

/** Reduces like `cv2.resize` with `INTER_AREA`: each target pixel is the mean of the area it covers. */
export function sharedRows(source: FloatRows, size: Size, steps: Steps): FloatRows {
  const across = sharesFor(source.width, steps.x, 0, size.width)
  const down = sharesFor(source.height, steps.y, 0, size.height)
  const narrowed = new Float32Array(3 * size.width)
  return cachedRow(size, (y, into) => {
    const first = down.starts[y] ?? 0
    const count = down.counts[y] ?? 0
    for (let tap = 0; tap < count; tap += 1) {
      narrow(source.row(first + tap), across, narrowed)
      const weight = down.weights[y * down.room + tap] ?? 0
      for (let at = 0; at < into.length; at += 1) {
        const value = fround(weight * (narrowed[at] ?? 0))
        into[at] = tap === 0 ? value : (into[at] ?? 0) + value
      }
    }
  })
}

function narrow(
  from: Float32Array,
  { starts, counts, weights, room }: ReturnType<typeof sharesFor>,
  to: Float32Array,
): void {
  for (let pixel = 0; pixel < starts.length; pixel += 1) {
    const count = counts[pixel] ?? 0
    let at = 3 * (starts[pixel] ?? 0)
    let [red, green, blue] = [0, 0, 0]
    for (let tap = 0; tap < count; tap += 1, at += 3) {
      const weight = weights[pixel * room + tap] ?? 0
      red = fround(red + fround((from[at] ?? 0) * weight))
      green = fround(green + fround((from[at + 1] ?? 0) * weight))
      blue = fround(blue + fround((from[at + 2] ?? 0) * weight))
    }
    to[3 * pixel] = red
    to[3 * pixel + 1] = green
    to[3 * pixel + 2] = blue
  }
}

/**
 * The same where each target pixel consists of whole source pixels. OpenCV adds them four at a time, row after
 * row.
 */
export function boxRows(source: FloatRows, size: Size, { x, y: rows }: Steps): FloatRows {
  const area = x * rows
  const ofFours = area - (area % 4)
  const scale = fround(1 / area)
  const fours = new Float32Array(3 * size.width)
  return cachedRow(size, (y, sums) => {
    sums.fill(0)
    for (let tap = 0; tap < rows; tap += 1) {
      const from = source.row(y * rows + tap)
      for (let column = 0; column < x; column += 1) {
        const done = tap * x + column
        for (let at = 0; at < sums.length; at += 3) {
          for (let channel = 0; channel < 3; channel += 1) {
            const value = from[at * x + 3 * column + channel] ?? 0
            const to = at + channel
            if (done >= ofFours) sums[to] = (sums[to] ?? 0) + value
            else {
              const four = done % 4 === 0 ? value : fround((fours[to] ?? 0) + value)
              fours[to] = four
              if (done % 4 === 3) sums[to] = (sums[to] ?? 0) + four
            }
          }
        }
      }
    }
    for (let at = 0; at < sums.length; at += 1) sums[at] = (sums[at] ?? 0) * scale
  })
}
