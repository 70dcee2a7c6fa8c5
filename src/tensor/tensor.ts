import { callerRangeError, wrongType, wrongValue } from '../errors.js'
import {
  arrayTypeOf,
  bitsOfHalves,
  dtypeNames,
  dtypes,
  isDType,
  lengthOf,
  type DataLike,
  type DataOf,
  type DType,
  type TensorData,
} from './dtype.js'
import { checkBools, fromElements } from './elements.js'
import { isUnsupported, unsupportedFeed } from './unsupported-dtype.js'

/**
 * Level of detail: for each level, the offsets at which sequences start and end, as in paddle's `lod()`.
 * `[[0, 2, 5]]` means two sequences, of 2 and 3 rows.
 */
export type Lod = readonly (readonly number[])[]

interface TensorOf<D extends DType> {
  /** The element type, by paddle's name. */
  readonly dtype: D
  /** The dimensions; `[]` for a scalar. */
  readonly shape: readonly number[]
  /** The elements in row-major (C) order; the length is the product of `shape`. */
  readonly data: DataOf<D>
  readonly lod?: Lod
}

/** A dense tensor in the caller's memory. */
export type Tensor<D extends DType = DType> = { [K in D]: TensorOf<K> }[D]

/** Describes tensors, inputs or outputs for messages. */
export function describeTensors(
  tensors: readonly {
    readonly name: string
    readonly dtype: string
    readonly shape: readonly number[]
    readonly lodLevel?: number
  }[],
): string {
  const each = tensors.map(({ name, dtype, shape, lodLevel }) => {
    const lod = lodLevel === undefined ? '' : ' with a LoD'
    return `\`${name}\` ${dtype} [${shape.join(',')}]${lod}`
  })
  return each.join(', ') || 'none'
}

/** The number of elements: the product of the dimensions, 1 for a scalar. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1)
}

/** @throws TypeError or RangeError */
export function checkCount(name: string, value: unknown): asserts value is number {
  if (typeof value !== 'number') throw wrongType(name, 'a non-negative integer', value)
  if (!Number.isSafeInteger(value) || value < 0) throw wrongValue(name, 'a non-negative integer', value)
}

/**
 * Checks and copies a list of non-negative integers whose product is a safe integer. It is read only once, so
 * that later changes have no effect.
 *
 * @throws TypeError or RangeError
 */
export function readShape(name: string, value: unknown): number[] {
  if (!Array.isArray(value)) throw wrongType(name, 'an array of non-negative integers', value)
  const given: readonly unknown[] = value
  const shape: number[] = []
  for (let axis = 0; axis < given.length; axis++) {
    const dimension = given[axis]
    checkCount(`${name}[${axis}]`, dimension)
    shape.push(dimension)
  }
  if (!Number.isSafeInteger(elementCount(shape))) {
    throw wrongValue(name, 'a shape of fewer than 2⁵³ elements', `[${shape.join(',')}]`)
  }
  return shape
}

/** Throws unless `value` is a list of non-negative integers whose product is a safe integer. */
export function checkShape(name: string, value: unknown): asserts value is readonly number[] {
  readShape(name, value)
}

/**
 * Throws unless `value` is a dtype of tensors.
 *
 * @throws TypeError; PaddleError DTYPE_UNSUPPORTED for a dtype that paddle has, but does not accept as input
 */
export function checkDType(name: string, value: unknown): asserts value is DType {
  if (isUnsupported(value)) throw unsupportedFeed(name, value)
  if (!isDType(value)) throw wrongType(name, `one of ${dtypeNames.join(', ')}`, value)
}

/** Checks and copies a list of levels of offsets, read only once. */
export function readLod(name: string, value: unknown): number[][] {
  const wrong = (): TypeError => wrongType(name, 'an array of arrays of non-negative integers', value)
  // By index, so that a hole is an undefined element.
  const itemsOf = (given: unknown): Iterable<unknown> => {
    if (Array.isArray(given)) return Array.prototype.values.call(given) as Iterable<unknown>
    throw wrong()
  }
  const lod: number[][] = []
  for (const given of itemsOf(value)) {
    const level: number[] = []
    for (const offset of itemsOf(given)) {
      if (!Number.isSafeInteger(offset) || Number(offset) < 0) throw wrong()
      level.push(offset as number)
    }
    lod.push(level)
  }
  return lod
}

/** Throws unless `data` is the typed array of `dtype` with the number of elements of `shape`. */
export function checkData(
  name: string,
  dtype: DType,
  shape: readonly number[],
  data: unknown,
): asserts data is TensorData {
  const expected = dtypes[dtype].array.name
  if (arrayTypeOf(data) !== expected) throw wrongType(name, `a ${expected} (${dtype})`, data)
  checkLength(name, shape, lengthOf(data as TensorData))
}

function checkLength(name: string, shape: readonly number[], length: number): void {
  if (length === elementCount(shape)) return
  throw callerRangeError(
    `Expected ${elementCount(shape)} elements for \`${name}\` of shape [${shape.join(',')}], got ${length}.`,
  )
}

/**
 * Returns the typed array of a tensor's elements: `data` itself, the bits of a `Float16Array`, or a new array
 * for a list of plain elements.
 *
 * @throws TypeError or RangeError
 */
export function toData(name: string, dtype: DType, shape: readonly number[], data: unknown): TensorData {
  if (Array.isArray(data)) checkLength(name, shape, data.length)
  const given = Array.isArray(data)
    ? fromElements(dtype, data, (index) => `${name}[${index}]`)
    : dtype === 'float16'
      ? bitsOfHalves(data)
      : data
  checkData(name, dtype, shape, given)
  if (dtype === 'bool') checkBools(name, given as Uint8Array)
  return given
}

/**
 * Creates a tensor over `data`: a typed array, which is not copied, or a list of numbers (bigints, booleans)
 * in row-major order.
 *
 * @throws TypeError or RangeError if dtype, shape, data or LoD do not match, or the dtype cannot represent a
 * number; PaddleError DTYPE_UNSUPPORTED for int16 and others that paddle does not accept as input
 *
 * @example
 * tensor('float32', [1, 3], new Float32Array([1, 2, 3]))
 * tensor('int64', [2, 2], [1, 2, 3n, 4n])
 */
export function tensor<D extends DType>(
  dtype: D,
  shape: readonly number[],
  data: DataLike<D>,
  lod?: Lod,
): Tensor<D> {
  checkDType('dtype', dtype)
  checkShape('shape', shape)
  const elements = toData('data', dtype, shape, data) as DataOf<D>
  if (lod !== undefined) readLod('lod', lod)
  return { dtype, shape, data: elements, ...(lod === undefined ? {} : { lod }) }
}
