import type { TensorInfo } from '../../bridge/index.js'
import { callerRangeError, callerTypeError, wrongType, wrongValue } from '../../errors.js'
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
  type Tensor,
  type TensorData,
} from '../../tensor/index.js'
import { AllocatedTensor, type Arena } from '../memory/arena.js'
import type { DeclaredInputs } from './declared-inputs.js'
import {
  isTrustedWriter,
  type CheckedFeed,
  type Feed,
  type Feeds,
  type FeedTensor,
  type FeedWriter,
} from './feed-types.js'
import { readFeedLod } from './feed-lod.js'

/**
 * Checks feeds against the inputs that the program declares, before anything is sent: names, dtype, shape, LoD,
 * and that the number of elements matches the shape.
 *
 * @param declared The checks of dtype, shape and LoD, which warn of other sizes than the program's.
 * @param arena The predictor's arena; tensors allocated in it are fed without a copy.
 * @throws TypeError or RangeError; PaddleError DTYPE_UNSUPPORTED, TENSOR_CLOSED
 */
export function checkFeeds(
  inputs: readonly TensorInfo[],
  feeds: Feeds,
  declared: DeclaredInputs,
  arena?: Arena,
): CheckedFeed[] {
  if (typeof feeds !== 'object' || (feeds as unknown) === null) {
    throw wrongType('feeds', 'an object of tensors by input name', feeds)
  }
  for (const name of Object.keys(feeds)) {
    if (!inputs.some((input) => input.name === name)) throw unknownTensorError('input', name, inputs)
  }
  return inputs.map((input) => {
    const feed = feeds[input.name]
    if (feed === undefined) {
      throw callerTypeError(`Input \`${input.name}\` is missing: the model needs ${listed(inputs)}.`)
    }
    const checked = checkFeed(input, feed, declared, arena)
    declared.checkLod(input, checked.lod)
    return checked
  })
}

/** The error for an unknown input or output name. */
export function unknownTensorError(
  kind: 'input' | 'output',
  name: string,
  infos: readonly TensorInfo[],
): TypeError {
  return callerTypeError(`No ${kind} \`${name}\`: the model's ${kind}s are ${listed(infos)}.`)
}

function listed(infos: readonly TensorInfo[]): string {
  return infos.map(({ name }) => `\`${name}\``).join(', ')
}

/**
 * Checks one feed against its input, except for the number of LoD levels: a handle may get its LoD later. A tensor
 * in `arena` is fed without a copy.
 *
 * @throws TypeError or RangeError; PaddleError DTYPE_UNSUPPORTED, TENSOR_CLOSED
 */
export function checkFeed(
  input: TensorInfo,
  feed: Feed,
  declared: DeclaredInputs,
  arena?: Arena,
): CheckedFeed {
  const { name } = input
  if (input.dtype === 'string') return checkStrings(name, feed)
  if (isUnsupported(input.dtype)) throw unsupportedInput(name, input.dtype)
  const candidate = readFeed(input, feed)
  // Read each property only once: a getter could return something else the second time.
  const { dtype, shape: givenShape, lod: givenLod } = candidate
  checkDType(`${name}.dtype`, dtype)
  const shape = readShape(`${name}.shape`, givenShape)
  declared.checkShape(input, dtype, shape)
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

/** Converts a feed to something with a dtype and a shape; packs ndarrays and nested arrays. */
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

/** Converts nested arrays to a tensor of the declared dtype. */
function fromNested({ name, dtype }: TensorInfo, nested: unknown): Tensor {
  const { shape, elements } = flatten(name, nested)
  if (!isDType(dtype)) throw wrongType(name, `${dtype} elements, which no array can give`, nested)
  const data = fromElements(dtype, elements, (index) => nestedName(name, shape, index))
  return { dtype, shape, data } as Tensor
}

function writeData(name: string, data: TensorData): (target: TensorData) => void {
  return (target) => {
    const length = lengthOf(data)
    // The data may have changed while the run waited.
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

/**
 * Checks the feed of a string input.
 *
 * @throws TypeError or RangeError
 */
function checkStrings(name: string, feed: unknown): CheckedFeed {
  if (!Array.isArray(feed)) throw wrongType(name, 'an array of strings', feed)
  const strings: readonly unknown[] = feed
  if (strings.length === 0) throw callerRangeError(`Expected at least one string for \`${name}\`, got none.`)
  const checked = strings.map((text, index) => {
    if (typeof text !== 'string') throw wrongType(`${name}[${index}]`, 'a string', text)
    // A lone surrogate has no UTF-8 encoding, which paddle reads.
    if (/\p{Surrogate}/u.test(text)) throw wrongValue(`${name}[${index}]`, 'well-formed text', text)
    return text
  })
  return {
    name,
    dtype: 'string',
    shape: [checked.length],
    byteLength: 0,
    strings: checked,
    write: () => undefined,
  }
}
