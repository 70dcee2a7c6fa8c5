import { wrongType, wrongValue } from '../errors.js'
import { dtypeNames, dtypes, isDType, type DataOf, type DType, type TensorData } from './dtype.js'

/**
 * Level of detail: per level, the offsets at which sequences start and end, as paddle's `lod()` gives them.
 * `[[0, 2, 5]]` is two sequences of 2 and 3 rows.
 */
export type Lod = readonly (readonly number[])[]

interface TensorOf<D extends DType> {
  /** The element type by paddle's name. */
  readonly dtype: D
  /** The dimensions; `[]` is a scalar. */
  readonly shape: readonly number[]
  /** The elements in row-major (C) order; its length is the product of `shape`. */
  readonly data: DataOf<D>
  readonly lod?: Lod
}

/** A dense tensor in the caller's memory. */
export type Tensor<D extends DType = DType> = { [K in D]: TensorOf<K> }[D]

/** The number of elements of a shape: the product of its dimensions, 1 for a scalar. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1)
}

/** Throws unless `value` is a list of non-negative integers whose product is a safe integer. */
export function checkShape(name: string, value: unknown): asserts value is readonly number[] {
  if (!Array.isArray(value)) throw wrongType(name, 'an array of non-negative integers', value)
  const dimensions: unknown[] = value
  for (const [axis, dimension] of dimensions.entries()) {
    if (typeof dimension !== 'number')
      throw wrongType(`${name}[${axis}]`, 'a non-negative integer', dimension)
    if (!Number.isSafeInteger(dimension) || dimension < 0) {
      throw wrongValue(`${name}[${axis}]`, 'a non-negative integer', dimension)
    }
  }
  if (!Number.isSafeInteger(elementCount(value as number[]))) {
    throw wrongValue(name, 'a shape of fewer than 2⁵³ elements', `[${dimensions.join(',')}]`)
  }
}

/** Throws unless `value` is a dtype that tensors can have. */
export function checkDType(name: string, value: unknown): asserts value is DType {
  if (!isDType(value)) throw wrongType(name, `one of ${dtypeNames.join(', ')}`, value)
}

/** Throws unless `value` is a list of levels of offsets. */
export function checkLod(name: string, value: unknown): asserts value is Lod {
  const offsets = (level: unknown): boolean =>
    Array.isArray(level) && level.every((offset) => Number.isSafeInteger(offset) && Number(offset) >= 0)
  if (!Array.isArray(value) || !value.every(offsets)) {
    throw wrongType(name, 'an array of arrays of non-negative integers', value)
  }
}

/** An array type's name, as the type of an object says it in any realm. */
export function arrayTypeOf(value: unknown): string | undefined {
  return ArrayBuffer.isView(value)
    ? Object.prototype.toString.call(value).slice('[object '.length, -1)
    : undefined
}

/** Throws unless `data` is the typed array of `dtype` with as many elements as `shape` says. */
export function checkData(
  name: string,
  dtype: DType,
  shape: readonly number[],
  data: unknown,
): asserts data is TensorData {
  const expected = dtypes[dtype].array.name
  if (arrayTypeOf(data) !== expected) throw wrongType(name, `a ${expected} (${dtype})`, data)
  const { length } = data as TensorData
  if (length !== elementCount(shape)) {
    throw new RangeError(
      `Expected ${elementCount(shape)} elements for \`${name}\`, as the shape [${shape.join(',')}] says, got ${length}.`,
    )
  }
}

/**
 * A tensor over `data`, which is not copied.
 *
 * @throws TypeError or RangeError when dtype, shape, data or LoD do not fit together.
 *
 * @example
 * tensor('float32', [1, 3], new Float32Array([1, 2, 3]))
 */
export function tensor<D extends DType>(
  dtype: D,
  shape: readonly number[],
  data: DataOf<D>,
  lod?: Lod,
): Tensor<D> {
  checkDType('dtype', dtype)
  checkShape('shape', shape)
  checkData('data', dtype, shape, data)
  if (lod !== undefined) checkLod('lod', lod)
  return { dtype, shape, data, ...(lod === undefined ? {} : { lod }) }
}
