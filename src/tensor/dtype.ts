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

/** The typed array that holds the elements of a dtype: `float32` → `Float32Array`, `int64` → `BigInt64Array`. */
export type DataOf<D extends DType> = InstanceType<(typeof dtypes)[D]['array']>

/** Any typed array that a tensor can hold. */
export type TensorData = DataOf<DType>

export const dtypeNames = Object.keys(dtypes) as DType[]

export function isDType(name: unknown): name is DType {
  return typeof name === 'string' && Object.hasOwn(dtypes, name)
}
