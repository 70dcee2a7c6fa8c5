/**
 * All element types: the name in paddle and numpy, the typed array and the width. Not every supported Node
 * has a typed array for halves, so a `Uint16Array` holds their bits.
 */
export const dtypes = {
  float64: { array: Float64Array, bytes: 8 },
  float32: { array: Float32Array, bytes: 4 },
  float16: { array: Uint16Array, bytes: 2 },
  bfloat16: { array: Uint16Array, bytes: 2 },
  int64: { array: BigInt64Array, bytes: 8 },
  int32: { array: Int32Array, bytes: 4 },
  int8: { array: Int8Array, bytes: 1 },
  uint8: { array: Uint8Array, bytes: 1 },
  bool: { array: Uint8Array, bytes: 1 },
} as const

/** An element type, by paddle's name. */
export type DType = keyof typeof dtypes

interface Arrays extends Record<DType, ArrayBufferView> {
  readonly float64: Float64Array
  readonly float32: Float32Array
  readonly float16: Uint16Array
  readonly bfloat16: Uint16Array
  readonly int64: BigInt64Array
  readonly int32: Int32Array
  readonly int8: Int8Array
  readonly uint8: Uint8Array
  readonly bool: Uint8Array
}

/**
 * The typed array for the elements of a dtype: `float32` → `Float32Array`, `int64` → `BigInt64Array`,
 * `float16` and `bfloat16` → a `Uint16Array` of their bits.
 */
export type DataOf<D extends DType> = Arrays[D]

/** The accepted types for an element of a dtype. */
export type ElementOf<D extends DType> = D extends 'int64'
  ? number | bigint
  : D extends 'bool'
    ? boolean | number
    : number

/** A `Float16Array`, if the runtime has one. */
export interface Float16ArrayLike extends ArrayBufferView {
  readonly length: number
  readonly [Symbol.toStringTag]: 'Float16Array'
}

/**
 * The accepted types for the elements of a dtype: the typed array, which is not copied, or a list in
 * row-major order.
 */
export type DataLike<D extends DType> =
  DataOf<D> | readonly ElementOf<D>[] | (D extends 'float16' ? Float16ArrayLike : never)

/** Any typed array of a tensor. */
export type TensorData = DataOf<DType>

export const dtypeNames = Object.keys(dtypes) as DType[]

export function isDType(name: unknown): name is DType {
  return typeof name === 'string' && Object.hasOwn(dtypes, name)
}

/** The name of a typed array's type, by its tag, which works in any realm. */
export function arrayTypeOf(value: unknown): string | undefined {
  return ArrayBuffer.isView(value)
    ? Object.prototype.toString.call(value).slice('[object '.length, -1)
    : undefined
}

/**
 * Converts a `Float16Array` to a `Uint16Array` of its bits over the same memory; returns anything else
 * unchanged.
 */
export function bitsOfHalves<T>(data: T): T | Uint16Array {
  if (!ArrayBuffer.isView(data) || arrayTypeOf(data) !== 'Float16Array') return data
  return new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2)
}

const getLength = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), 'length')

/**
 * The current number of elements of a typed array: 0 once its memory was transferred or has shrunk below its
 * range. Ignores an own property `length`.
 */
export function lengthOf(data: ArrayBufferView): number {
  return getLength?.get?.call(data) as number
}
