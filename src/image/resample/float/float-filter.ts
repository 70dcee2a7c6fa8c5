import type { Size } from '../../../model/index.js'
import type { Scale } from '../../preprocess/geometry.js'
import { areaPosition, cubic, lanczos4, position } from '../opencv-weights.js'
import { cachedRow, type FloatRows } from './float-rows.js'

const { fround } = Math

type FloatFilter = 'linear' | 'enlarging-area' | 'cubic' | 'lanczos4'

/** For each target pixel, its source pixels and their weights, `taps` of each. */
interface Taps {
  readonly taps: number
  readonly pixels: Int32Array
  readonly weights: Float32Array
}

/** Combines `taps` values, each at an offset of its own, to one; `into` has as many values as are computed. */
type Combine = (values: readonly Float32Array[], weights: Float32Array, into: Float32Array) => void

/**
 * Resizes with 2, 4 or 8 weights along rows, then as many along columns, like `cv2.resize` on float32. `linear`
 * equals Intel's IPP, which OpenCV uses for it on x64.
 */
export function filteredRows(source: FloatRows, size: Size, scale: Scale, filter: FloatFilter): FloatRows {
  const across = tapsFor(filter, source.width, size.width, scale.x)
  const down = tapsFor(filter, source.height, size.height, scale.y)
  const { taps } = down
  const values = 3 * size.width
  const kept = Array.from({ length: taps }, () => ({ row: -1, values: new Float32Array(values) }))
  /** A source row after the horizontal pass. */
  const narrowedRow = (row: number): Float32Array => {
    const slot = kept[row % taps]
    if (!slot) return new Float32Array(values)
    if (slot.row !== row) acrossBy[filter](source.row(row), across, slot.values)
    slot.row = row
    return slot.values
  }
  return cachedRow(size, (y, into) => {
    const rows = Array.from({ length: taps }, (_, tap) => narrowedRow(down.pixels[taps * y + tap] ?? 0))
    downBy[filter](rows, down.weights.subarray(taps * y, taps * (y + 1)), into)
  })
}

const tapCounts = { linear: 2, 'enlarging-area': 2, cubic: 4, lanczos4: 8 } as const

function tapsFor(filter: FloatFilter, from: number, count: number, scale: number): Taps {
  const taps = tapCounts[filter]
  const pixels = new Int32Array(count * taps)
  const weights = new Float32Array(count * taps)
  for (let target = 0; target < count; target += 1) {
    const { pixel, shares } = placed(filter, target, scale)
    for (let tap = 0; tap < taps; tap += 1) {
      pixels[taps * target + tap] = Math.max(0, Math.min(pixel - taps / 2 + 1 + tap, from - 1))
      weights[taps * target + tap] = shares[tap] ?? 0
    }
  }
  return { taps, pixels, weights }
}

function placed(
  filter: FloatFilter,
  target: number,
  scale: number,
): { readonly pixel: number; readonly shares: readonly number[] } {
  const at = (target + 0.5) * (1 / scale) - 0.5
  if (filter === 'cubic') return cubic(at)
  if (filter === 'linear') {
    const pixel = Math.floor(at)
    return { pixel, shares: [0, at - pixel] }
  }
  const { pixel, fraction } =
    filter === 'enlarging-area' ? areaPosition(target, scale) : position(target, scale)
  return { pixel, shares: filter === 'lanczos4' ? lanczos4(fraction) : [fround(1 - fraction), fraction] }
}

/** Applies the weights along a row. */
type Across = (from: Float32Array, taps: Taps, into: Float32Array) => void

const acrossBy: Readonly<Record<FloatFilter, Across>> = {
  linear: (from, { pixels, weights }, into) => {
    for (let at = 0, tap = 0; at < into.length; at += 3, tap += 2) {
      const first = 3 * (pixels[tap] ?? 0)
      const second = 3 * (pixels[tap + 1] ?? 0)
      const weight = weights[tap + 1] ?? 0
      for (let channel = 0; channel < 3; channel += 1) {
        into[at + channel] = between(from[first + channel] ?? 0, from[second + channel] ?? 0, weight)
      }
    }
  },
  'enlarging-area': (from, { pixels, weights }, into) => {
    for (let at = 0, tap = 0; at < into.length; at += 3, tap += 2) {
      const first = 3 * (pixels[tap] ?? 0)
      const second = 3 * (pixels[tap + 1] ?? 0)
      const less = weights[tap] ?? 0
      const more = weights[tap + 1] ?? 0
      for (let channel = 0; channel < 3; channel += 1) {
        const value = fround((from[first + channel] ?? 0) * less)
        into[at + channel] = value + fround((from[second + channel] ?? 0) * more)
      }
    }
  },
  cubic: (from, { pixels, weights }, into) => {
    for (let at = 0, tap = 0; at < into.length; at += 3, tap += 4) {
      for (let channel = 0; channel < 3; channel += 1) {
        const first = fround((from[3 * (pixels[tap] ?? 0) + channel] ?? 0) * (weights[tap] ?? 0))
        const second = fround((from[3 * (pixels[tap + 1] ?? 0) + channel] ?? 0) * (weights[tap + 1] ?? 0))
        const third = fround((from[3 * (pixels[tap + 2] ?? 0) + channel] ?? 0) * (weights[tap + 2] ?? 0))
        const fourth = fround((from[3 * (pixels[tap + 3] ?? 0) + channel] ?? 0) * (weights[tap + 3] ?? 0))
        into[at + channel] = fround(first + second) + fround(third + fourth)
      }
    }
  },
  lanczos4: (from, { pixels, weights }, into) => {
    for (let at = 0, tap = 0; at < into.length; at += 3, tap += 8) {
      for (let channel = 0; channel < 3; channel += 1) {
        let sum = 0
        for (let index = tap; index < tap + 8; index += 1) {
          const value = from[3 * (pixels[index] ?? 0) + channel] ?? 0
          sum = fround(sum + fround(value * (weights[index] ?? 0)))
        }
        into[at + channel] = sum
      }
    }
  },
}

const downBy: Readonly<Record<FloatFilter, Combine>> = {
  linear: ([first = none, second = none], weights, into) => {
    const weight = weights[1] ?? 0
    for (let at = 0; at < into.length; at += 1) into[at] = between(first[at] ?? 0, second[at] ?? 0, weight)
  },
  'enlarging-area': ([first = none, second = none], weights, into) => {
    const [less = 0, more = 0] = weights
    for (let at = 0; at < into.length; at += 1)
      into[at] = fround((first[at] ?? 0) * less) + fround((second[at] ?? 0) * more)
  },
  cubic: ([first = none, second = none, third = none, fourth = none], weights, into) => {
    const [one = 0, two = 0, three = 0, four = 0] = weights
    for (let at = 0; at < into.length; at += 1) {
      into[at] =
        fround(fround((first[at] ?? 0) * one) + fround((second[at] ?? 0) * two)) +
        fround(fround((third[at] ?? 0) * three) + fround((fourth[at] ?? 0) * four))
    }
  },
  lanczos4: (rows, weights, into) => {
    into.fill(0)
    // OpenCV adds the last row first.
    for (let tap = rows.length - 1; tap >= 0; tap -= 1) {
      const row = rows[tap] ?? none
      const weight = weights[tap] ?? 0
      for (let at = 0; at < into.length; at += 1) into[at] = (into[at] ?? 0) + fround((row[at] ?? 0) * weight)
    }
  },
}

const none = new Float32Array()

/** With one rounding after the product and the sum, as a fused multiplication and addition. */
function between(first: number, second: number, weight: number): number {
  return first + fround(second - first) * weight
}
