import { wrongType } from '../errors.js'
import { arrayTypeOf } from './dtype.js'

/** The 16-bit float types. */
export type Half = 'float16' | 'bfloat16'

/** IEEE 754: the number of fraction bits and the exponent bias. */
const formats = {
  float16: { fraction: 10, bias: 15 },
  bfloat16: { fraction: 7, bias: 127 },
} as const

const double = new Float64Array(1)
const words = new Uint32Array(double.buffer)

/** Rounds a number from 0 to 2⁵¹ to an integer, ties to even: the processor rounds the sum that way. */
function roundToEven(value: number): number {
  return value + 2 ** 52 - 2 ** 52
}

/** Returns the bits of the nearest half, ties to even; numbers that are too large become Infinity. */
export function toHalfBits(dtype: Half, value: number): number {
  const { fraction, bias } = formats[dtype]
  double[0] = value
  const high = words[1] ?? 0
  const sign = (high >>> 16) & 0x8000
  const infinity = (2 * bias + 1) << fraction
  if (Number.isNaN(value)) return infinity | (1 << (fraction - 1))
  // Subnormal halves use the exponent of the least normal one; rounding up carries into the exponent
  // correctly.
  const exponent = Math.max(((high >>> 20) & 0x7ff) - 1023, 1 - bias)
  if (exponent > bias) return sign | infinity
  const scaled = roundToEven(Math.abs(value) * 2 ** (fraction - exponent))
  return sign | (((exponent + bias - 1) << fraction) + scaled)
}

function fromFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >>> 10) & 31
  const fraction = bits & 1023
  if (exponent === 31) return fraction ? NaN : sign * Infinity
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25)
}

/**
 * Converts numbers to the bits of the nearest halves (ties to even, subnormals kept, too large becomes
 * Infinity), as in a tensor of that dtype.
 *
 * @example
 * tensor('float16', [3], toHalves('float16', [1, 2.5, 65504]))
 */
export function toHalves(dtype: Half, values: ArrayLike<number>): Uint16Array<ArrayBuffer> {
  checkHalf(dtype)
  return Uint16Array.from(values, (value) => toHalfBits(dtype, value))
}

/**
 * Converts the bits of halves to numbers; each is exact as a float32.
 *
 * @example
 * fromHalves('bfloat16', output.data)
 */
export function fromHalves(dtype: Half, bits: Uint16Array): Float32Array<ArrayBuffer> {
  checkHalf(dtype)
  if (arrayTypeOf(bits) !== 'Uint16Array') throw wrongType('bits', 'a Uint16Array', bits)
  if (dtype === 'float16') return Float32Array.from(bits, fromFloat16)
  const wide = Uint32Array.from(bits, (value) => value << 16)
  return new Float32Array(wide.buffer)
}

function checkHalf(dtype: unknown): void {
  if (dtype !== 'float16' && dtype !== 'bfloat16') throw wrongType('dtype', 'float16 or bfloat16', dtype)
}
