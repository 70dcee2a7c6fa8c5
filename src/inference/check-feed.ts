import type { TensorInfo } from '../bridge/index.js'
import { callerRangeError, callerTypeError, wrongType } from '../errors.js'
import {
  checkDType,
  dtypes,
  elementCount,
  flatten,
  fromElements,
  fromNdArray,
  isDType,
  isNdArray,
  isUnsupported,
  lengthOf,
  nestedName,
  readShape,
  toData,
  unsupportedInput,
  type DType,
  type Tensor,
  type TensorData,
} from '../tensor/index.js'
import { counted } from '../wording.js'
import { AllocatedTensor, type Arena } from './arena.js'
import { readFeedLod } from './feed-lod.js'
import type { CheckedFeed, Feed, FeedTensor, FeedWriter } from './feed-types.js'
import { isTrustedWriter } from './plain-writer.js'
import { checkStrings } from './string-feed.js'

/**
 * Checks one feed against its input. A tensor that lies in `arena` is fed where it is.
 *
 * @throws TypeError or RangeError; PaddleError DTYPE_UNSUPPORTED, TENSOR_CLOSED
 */
export function checkFeed(input: TensorInfo, feed: Feed, arena?: Arena): CheckedFeed {
  const { name } = input
  if (input.dtype === 'string') return checkStrings(name, feed)
  if (isUnsupported(input.dtype)) throw unsupportedInput(name, input.dtype)
  const candidate = readFeed(input, feed)
  // Each is read once: a getter could say something else the second time.
  const { dtype, shape: givenShape, lod: givenLod } = candidate
  checkDType(`${name}.dtype`, dtype)
  const shape = readShape(`${name}.shape`, givenShape)
  checkDeclared(input, dtype, shape)
  const lod = givenLod === undefined ? undefined : readFeedLod(`${name}.lod`, givenLod, shape)
  const checked = {
    name,
    dtype,
    shape,
    byteLength: elementCount(shape) * dtypes[dtype].bytes,
    ...(lod === undefined ? {} : { lod }),
  }
  if ('write' in candidate) {
    const write = writeOf(candidate, name)
    return isTrustedWriter(candidate) ? { ...checked, write } : { ...checked, write, isCallers: true }
  }
  const data: unknown = candidate.data
  const write = writeData(`${name}.data`, toData(`${name}.data`, dtype, shape, data))
  const arenaOffset = candidate instanceof AllocatedTensor ? arena?.offsetOf(candidate) : undefined
  return { ...checked, write, ...(arenaOffset === undefined ? {} : { arenaOffset }) }
}

/** Throws unless dtype and number of dimensions are those that the program declares. Dimensions are paddle's to judge. */
export function checkDeclared(input: TensorInfo, dtype: DType, shape: readonly number[]): void {
  const declared = `${input.dtype} [${input.shape.join(',')}]`
  const got = `${dtype} [${shape.join(',')}]`
  if (shape.length !== input.shape.length) {
    throw callerTypeError(
      `Input \`${input.name}\` expects ${declared} (${counted(input.shape.length, 'dimension')}), got ${got} (${shape.length}).`,
    )
  }
  if (dtype !== input.dtype) throw callerTypeError(`Input \`${input.name}\` expects ${declared}, got ${got}.`)
}

/** What was fed, as something with a dtype and a shape; ndarrays and nested arrays are packed. */
function readFeed(input: TensorInfo, feed: unknown): FeedTensor | FeedWriter | AllocatedTensor {
  const { name } = input
  if (isNdArray(feed)) return fromNdArray(feed, name, input.dtype)
  const plain = typeof feed === 'number' || typeof feed === 'bigint' || typeof feed === 'boolean'
  if (plain || Array.isArray(feed)) return fromNested(input, feed)
  if (typeof feed !== 'object' || feed === null || ArrayBuffer.isView(feed)) {
    throw wrongType(
      name,
      'a tensor { dtype, shape, data }, an ndarray, nested arrays or { dtype, shape, write }',
      feed,
    )
  }
  return feed as FeedTensor | FeedWriter | AllocatedTensor
}

/** Nested arrays as a tensor of the declared dtype. */
function fromNested({ name, dtype }: TensorInfo, nested: unknown): Tensor {
  const { shape, elements } = flatten(name, nested)
  if (!isDType(dtype)) throw wrongType(name, `${dtype} elements, which no array can give`, nested)
  const data = fromElements(dtype, elements, (index) => nestedName(name, shape, index))
  return { dtype, shape, data } as Tensor
}

function writeData(name: string, data: TensorData): (target: TensorData) => void {
  return (target) => {
    const length = lengthOf(data)
    // The run may have waited for its turn.
    if (length !== target.length) {
      throw callerRangeError(
        `Expected \`${name}\` to keep its ${target.length} elements until the run was written, got ${length}: its memory was resized or transferred.`,
      )
    }
    target.set(data as never)
  }
}

function writeOf(writer: FeedWriter, name: string): CheckedFeed['write'] {
  const write: unknown = writer.write
  if (typeof write !== 'function') throw wrongType(`${name}.write`, 'a function', write)
  return (target) => (write as (data: TensorData) => void | Promise<void>).call(writer, target)
}
