import ndarray, { type NdArray } from 'ndarray'
import { callerRangeError, wrongType } from '../errors.js'
import {
  arrayTypeOf,
  bitsOfHalves,
  dtypeNames,
  dtypes,
  isDType,
  lengthOf,
  type DType,
  type TensorData,
} from './dtype.js'
import { checkCount, elementCount, readShape, type Tensor } from './tensor.js'
import { unsupportedArray, unsupportedFeed } from './unsupported-dtype.js'

/**
 * The data of an `ndarray` that paddle-ts creates; its types do not accept a `BigInt64Array` over shared
 * memory.
 */
export type NdArrayData = Exclude<TensorData, BigInt64Array> | BigInt64Array<ArrayBuffer>

/** Whether a value is an `ndarray` (scijs), from any copy of that package. */
export function isNdArray(value: unknown): value is NdArray | NdArray<NdArrayData> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'stride' in value &&
    'offset' in value &&
    'shape' in value &&
    'data' in value
  )
}

/**
 * Returns the dtype of a typed array: the declared one if the array can hold it, because a `Uint8Array` may
 * be uint8 or bool, and a `Uint16Array` float16 or bfloat16.
 *
 * @throws TypeError; PaddleError DTYPE_UNSUPPORTED for a typed array that paddle does not accept
 */
export function dtypeOfArray(name: string, data: unknown, declared?: string): DType {
  const type = arrayTypeOf(data)
  if (type === 'Float16Array') return 'float16'
  if (isDType(declared) && dtypes[declared].array.name === type) return declared
  const unsupported = unsupportedArray(type)
  if (unsupported !== undefined) throw unsupportedFeed(name, unsupported)
  const dtype = dtypeNames.find((candidate) => dtypes[candidate].array.name === type)
  if (dtype === undefined) {
    const known = [...new Set(dtypeNames.map((candidate) => dtypes[candidate].array.name))]
    throw wrongType(name, `a typed array (${known.join(', ')})`, data)
  }
  return dtype
}

/**
 * Returns the elements of an `ndarray` in row-major order: a view of its data if that is in row-major order,
 * else a copy (transposed, sliced or stepped views).
 */
function packed(array: Layout, data: TensorData): TensorData {
  const { shape, stride, offset } = array
  const count = elementCount(shape)
  if (isRowMajor(shape, stride)) return data.subarray(offset, offset + count)
  // Copied as integers: the processor changes some NaN bits in a floating-point copy.
  const asFloats = arrayTypeOf(data) === 'Float32Array'
  const source = asFloats ? new Int32Array(data.buffer, data.byteOffset, data.length) : data
  const target = new (source.constructor as new (length: number) => TensorData)(count)
  const index = new Array<number>(shape.length).fill(0)
  let position = offset
  for (let written = 0; written < count; written++) {
    target[written] = source[position] as never
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      position += stride[axis] ?? 0
      index[axis] = (index[axis] ?? 0) + 1
      if ((index[axis] ?? 0) < (shape[axis] ?? 0)) break
      position -= (stride[axis] ?? 0) * (shape[axis] ?? 0)
      index[axis] = 0
    }
  }
  return asFloats ? new Float32Array(target.buffer) : target
}

/** The positions of the elements of an `ndarray` in its data. */
interface Layout {
  readonly shape: readonly number[]
  readonly stride: readonly number[]
  readonly offset: number
}

/** Throws unless all elements are within the data: elements outside would silently become NaN. */
function readLayout(name: string, array: NdArray | NdArray<NdArrayData>, length: number): Layout {
  const shape = readShape(`${name}.shape`, array.shape)
  const [stride, offset]: [unknown, unknown] = [array.stride, array.offset]
  const isList = Array.isArray(stride) && stride.length === shape.length
  const steps = shape.map((_, axis) => (isList ? Number((stride as readonly unknown[])[axis]) : NaN))
  if (!steps.every(Number.isSafeInteger)) {
    throw wrongType(`${name}.stride`, `an array of ${shape.length} integers`, stride)
  }
  checkCount(`${name}.offset`, offset)
  const layout = { shape, stride: steps, offset }
  if (shape.includes(0)) return layout
  const reach = shape.map((dimension, axis) => (dimension - 1) * (steps[axis] ?? 0))
  const sum = (values: readonly number[]): number =>
    values.reduce((total, value) => total + value, layout.offset)
  const least = sum(reach.filter((value) => value < 0))
  const most = sum(reach.filter((value) => value > 0))
  if (least >= 0 && most < length) return layout
  throw callerRangeError(
    `Expected the elements of \`${name}\` to be within the ${length} elements of its data, got ${least} to ${most}.`,
  )
}

function isRowMajor(shape: readonly number[], stride: readonly number[]): boolean {
  let expected = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && stride[axis] !== expected) return false
    expected *= shape[axis] ?? 1
  }
  return true
}

/** Converts an `ndarray` over a typed array to a tensor, of the declared dtype if the array can hold it. */
export function fromNdArray(
  array: NdArray | NdArray<NdArrayData>,
  name = 'array',
  declared?: string,
): Tensor {
  const data: unknown = array.data
  const dtype = dtypeOfArray(`${name}.data`, data, declared)
  const layout = readLayout(name, array, lengthOf(data as TensorData))
  return { dtype, shape: layout.shape, data: packed(layout, bitsOfHalves(data as TensorData)) } as Tensor
}

/**
 * Converts a tensor to an `ndarray` over the same memory, without its LoD, which an `ndarray` cannot hold.
 */
export function toNdArray(tensor: Tensor): NdArray<NdArrayData> {
  return ndarray<NdArrayData>(tensor.data as NdArrayData, [...tensor.shape])
}
