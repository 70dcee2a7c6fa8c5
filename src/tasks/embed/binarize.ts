import { roundHalfToEven } from '../../image/index.js'

/** How a value becomes a bit: whether it is positive, or rounded after adding 1. */
export type Binarization = 'round' | 'sign'

/**
 * Returns eight values as one byte, the first one as its highest bit: PaddleClas' `Binarize`.
 *
 * `round` has three results, 0, 1 and -1, as in PaddleClas: a value of -0.5 or less is subtracted from the byte,
 * modulo 256.
 *
 * @param vector - its length is a multiple of 8
 */
export function binarize(vector: Float32Array, how: Binarization): Float32Array {
  return Float32Array.from({ length: vector.length / 8 }, (_, byte) => {
    let sum = 0
    for (let bit = 0; bit < 8; bit += 1) sum = 2 * sum + valueOf(vector[8 * byte + bit] ?? 0, how)
    return sum & 0xff
  })
}

function valueOf(value: number, how: Binarization): number {
  if (how === 'sign') return value > 0 ? 1 : 0
  return roundHalfToEven(Math.fround(value + 1)) - 1
}
