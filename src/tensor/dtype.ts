/**
 * The one table of element types: paddle's and numpy's name, the typed array that holds it, and its width.
 */
export const dtypes = {
  float64: { array: Float64Array, bytes: 8 },
  float32: { array: Float32Array, bytes: 4 },
  int64: { array: BigInt64Array, bytes: 8 },
  int32: { array: Int32Array, bytes: 4 },
  int8: { array: Int8Array, bytes: 1 },
  uint8: { array: Uint8Array, bytes: 1 },
  bool: { array: Uint8Array, bytes: 1 },
} as const

/** An element type by paddle's own name. */
export type DType = keyof typeof dtypes

interface Arrays extends Record<DType, ArrayBufferView> {
  readonly float64: Float64Array
  readonly float32: Float32Array
  readonly int64: BigInt64Array
  readonly int32: Int32Array
  readonly int8: Int8Array
  readonly uint8: Uint8Array
  readonly bool: Uint8Array
}

/** The typed array that holds the elements of a dtype: `float32` → `Float32Array`, `int64` → `BigInt64Array`. */
export type DataOf<D extends DType> = Arrays[D]

/** Any typed array that a tensor can hold. */
export type TensorData = DataOf<DType>

export const dtypeNames = Object.keys(dtypes) as DType[]

export function isDType(name: unknown): name is DType {
  return typeof name === 'string' && Object.hasOwn(dtypes, name)
}
