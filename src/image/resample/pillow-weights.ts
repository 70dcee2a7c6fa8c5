/** Pillow's weights are integers with 22 fractional bits. */
const one = 2 ** 22

/** For each target pixel: the first source pixel, the number of source pixels, and the weight of each. */
export interface Weights {
  readonly starts: Int32Array
  readonly counts: Int32Array
  readonly weights: Int32Array
  /** The most weights of one target pixel. */
  readonly taps: number
}

/** @param from - the number of source pixels @param scale - source pixels per target pixel */
export function weightsFor(
  filter: Filter,
  from: number,
  scale: number,
  first: number,
  count: number,
): Weights {
  const stretch = Math.max(scale, 1)
  const support = filter.support * stretch
  const inverse = 1 / stretch
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
      const share = filter.weight((start + tap - centre + 0.5) * inverse)
      shares[tap] = share
      sum += share
    }
    for (let tap = 0; tap < end - start; tap += 1) {
      const share = ((shares[tap] ?? 0) / (sum === 0 ? 1 : sum)) * one
      weights[target * taps + tap] = Math.trunc(share < 0 ? share - 0.5 : share + 0.5)
    }
    starts[target] = start
    counts[target] = end - start
  }
  return { starts, counts, weights, taps }
}

/**
 * The weights as `narrow` takes them: in pairs (an odd last one is paired with 0), split into an upper and a
 * lower part.
 */
export function inPairs({ counts, weights, taps }: Weights): { pairs: Int32Array; split: Int32Array } {
  const room = pairsOf(taps)
  const split = new Int32Array(counts.length * room * 2)
  for (let target = 0; target < counts.length; target += 1) {
    for (let pair = 0; pair < room; pair += 1) {
      const at = target * taps + 2 * pair
      const first = weights[at] ?? 0
      const second = 2 * pair + 1 < taps ? (weights[at + 1] ?? 0) : 0
      const to = 2 * (target * room + pair)
      split[to] = ((first >> 11) & 0xffff) | ((second >> 11) << 16)
      split[to + 1] = (first & 0x7ff) | ((second & 0x7ff) << 16)
    }
  }
  return { pairs: counts.map(pairsOf), split }
}

export function pairsOf(weights: number): number {
  return Math.ceil(weights / 2)
}

/**
 * A filter of Pillow: the weight of a source pixel at a distance in target pixels, or in source pixels when
 * enlarging.
 */
export interface Filter {
  /** The distance beyond which weights are zero. */
  readonly support: number
  readonly weight: (distance: number) => number
}

export type PillowFilter = 'box' | 'bilinear' | 'hamming' | 'bicubic' | 'lanczos'

/** Constants that are float32 in Pillow. */
const [first, second] = [Math.fround(0.54), Math.fround(0.46)]

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI)
}

function bicubic(x: number): number {
  const a = -0.5
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0
}

function hamming(x: number): number {
  if (x === 0) return 1
  return x >= 1 ? 0 : sinc(x) * (first + second * Math.cos(x * Math.PI))
}

export const pillowFilters: Readonly<Record<PillowFilter, Filter>> = {
  box: { support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  hamming: { support: 1, weight: (x) => hamming(Math.abs(x)) },
  bicubic: { support: 2, weight: (x) => bicubic(Math.abs(x)) },
  lanczos: { support: 3, weight: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
}
