import type { Size } from '../../../model/index.js'

/**
 * An image that is computed row by row, so that only a few rows are in memory: R, G and B of each pixel, in
 * float32.
 */
export interface FloatRows extends Size {
  /** Returns a row. Rows must be read in ascending order; reading the next one overwrites it. */
  row(y: number): Float32Array
}

/** Calls `compute` when another row than the last one is read. */
export function cachedRow(
  { width, height }: Size,
  compute: (y: number, into: Float32Array) => void,
): FloatRows {
  const values = new Float32Array(3 * width)
  let last = -1
  return {
    width,
    height,
    row: (y) => {
      if (y !== last) compute(y, values)
      last = y
      return values
    },
  }
}
