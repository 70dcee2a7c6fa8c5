/** Pillow's filters: the weight of a source pixel at a distance, in target pixels, or in source pixels when enlarging. */
export interface Filter {
  /** The distance from which on there is no weight. */
  readonly support: number
  readonly weight: (distance: number) => number
}

export type PillowFilter = 'box' | 'bilinear' | 'hamming' | 'bicubic' | 'lanczos'

/** Constants that Pillow has as float32. */
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
