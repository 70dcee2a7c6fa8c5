const { floor, fround } = Math

/** The methods with a fixed number of weights. */
export type OpenCvFilter = 'linear' | 'cubic' | 'lanczos4' | 'enlarging-area'

/** The weights of each method. */
export const openCvTaps: Readonly<Record<OpenCvFilter, 2 | 4 | 8>> = {
  linear: 2,
  cubic: 4,
  lanczos4: 8,
  'enlarging-area': 2,
}

/** For each target pixel: the first source pixel, which may be outside the image, and the weights. */
export interface OpenCvWeights {
  readonly starts: Int32Array
  /** Fixed-point integers with 11 fractional bits, or float32 for `cubic`. */
  readonly weights: Int16Array | Float32Array
}

/** @param scale - target size over source size */
export function openCvWeights(
  method: OpenCvFilter,
  scale: number,
  first: number,
  count: number,
): OpenCvWeights {
  const taps = openCvTaps[method]
  const starts = new Int32Array(count)
  const weights = method === 'cubic' ? new Float32Array(count * taps) : new Int16Array(count * taps)
  for (let index = 0; index < count; index += 1) {
    const { pixel, shares } = placed(method, first + index, scale)
    starts[index] = pixel - taps / 2 + 1
    for (let tap = 0; tap < taps; tap += 1) weights[index * taps + tap] = shares[tap] ?? 0
  }
  return { starts, weights }
}

function placed(method: OpenCvFilter, target: number, scale: number): Placed {
  if (method === 'cubic') return cubic((target + 0.5) * (1 / scale) - 0.5)
  const { pixel, fraction } =
    method === 'enlarging-area' ? areaPosition(target, scale) : position(target, scale)
  const shares = method === 'lanczos4' ? lanczos4(fraction) : [fround(1 - fraction), fraction]
  return { pixel, shares: shares.map(toInteger) }
}

/**
 * Outside the image, the two weights along a row become one for the pixel at the border. Along columns OpenCV
 * repeats the border instead, which rounds differently.
 */
export function onlyInside({ starts, weights }: OpenCvWeights, from: number): void {
  for (const [index, start] of starts.entries()) {
    if (start >= 0 && start < from - 1) continue
    starts[index] = start < 0 ? 0 : from - 1
    weights.set([2048, 0], 2 * index)
  }
}

interface Position {
  readonly pixel: number
  readonly fraction: number
}

interface Placed {
  readonly pixel: number
  readonly shares: readonly number[]
}

/** In float32, as in OpenCV. */
export function position(target: number, scale: number): Position {
  const at = fround((target + 0.5) * (1 / scale) - 0.5)
  const pixel = floor(at)
  return { pixel, fraction: fround(at - pixel) }
}

export function areaPosition(target: number, scale: number): Position {
  const pixel = floor(target * (1 / scale))
  const at = fround(target + 1 - (pixel + 1) * scale)
  return { pixel, fraction: at <= 0 ? 0 : fround(at - floor(at)) }
}

/** `cvRound`: ties to even. */
function toInteger(share: number): number {
  const value = share * 2048
  const rounded = Math.round(value)
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded
}

export function cubic(at: number): Placed {
  const a = -0.75
  const pixel = floor(at)
  const x = at - pixel
  const near = (y: number): number => ((a + 2) * y - (a + 3)) * y * y + 1
  const [first, second, third] = [
    ((a * (x + 1) - 5 * a) * (x + 1) + 8 * a) * (x + 1) - 4 * a,
    near(x),
    near(1 - x),
  ]
  return { pixel, shares: [first, second, third, 1 - first - second - third] }
}

const half = Math.SQRT1_2
const turns = [
  [1, 0],
  [-half, -half],
  [0, 1],
  [half, -half],
  [-1, 0],
  [half, half],
  [0, -1],
  [-half, half],
] as const

/** The sines of eight angles, 45 degrees apart, are derived from that of the first. */
export function lanczos4(x: number): number[] {
  const angle = -fround(x + 3) * Math.PI * 0.25
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)]
  let sum = 0
  const shares = turns.map(([ofSine, ofCosine], index) => {
    const distance = fround(fround(x + 3) - index)
    const y = -distance * Math.PI * 0.25
    const share =
      Math.abs(distance) >= fround(1e-6)
        ? fround((ofSine * sine + ofCosine * cosine) / (y * y))
        : fround(1e30)
    sum = fround(sum + share)
    return share
  })
  const inverse = fround(1 / sum)
  return shares.map((share) => fround(share * inverse))
}
