import type { NdArray } from 'ndarray'
import { aligned, type Lane, type PlacedTensor, type TensorInfo } from '../bridge/index.js'
import { wrongType } from '../errors.js'
import { checkFeedLod } from './feed-lod.js'
import {
  checkData,
  checkDType,
  checkShape,
  dtypes,
  elementCount,
  fromNdArray,
  isNdArray,
  type DataOf,
  type DType,
  type Lod,
  type NdArrayData,
  type Tensor,
  type TensorData,
} from '../tensor/index.js'

interface FeedWriterOf<D extends DType> {
  readonly dtype: D
  readonly shape: readonly number[]
  readonly lod?: Lod
  /**
   * Fills the tensor where it lies, in the worker's memory, just before the run. `data` holds anything at first, has the
   * product of `shape` elements, and must not be kept: the next run writes there.
   */
  readonly write: (data: DataOf<D>) => void
}

/** A feed without a copy: its elements are written straight into shared memory. */
export type FeedWriter<D extends DType = DType> = { [K in D]: FeedWriterOf<K> }[D]

/** What an input can be fed with. */
export type Feed = Tensor | FeedWriter | NdArray | NdArray<NdArrayData>

/** Feeds by the names of the inputs. */
export type Feeds = Readonly<Record<string, Feed>>

/** A feed that has passed the checks. */
export interface CheckedFeed {
  readonly name: string
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly byteLength: number
  readonly lod?: Lod
  readonly write: (target: TensorData) => void
}

/**
 * Checks feeds against what the program declares, before anything is sent: names, dtype, rank, and that the elements are as many
 * as the shape says. Dimensions are paddle's to judge: a network exported at 224×224 may well take 318×318.
 *
 * @throws TypeError or RangeError
 */
export function checkFeeds(inputs: readonly TensorInfo[], feeds: Feeds): CheckedFeed[] {
  if (typeof feeds !== 'object' || (feeds as unknown) === null) {
    throw wrongType('feeds', 'an object of tensors by input name', feeds)
  }
  for (const name of Object.keys(feeds)) {
    if (!inputs.some((input) => input.name === name)) throw unknownName('input', name, inputs)
  }
  return inputs.map((input) => {
    const feed = feeds[input.name]
    if (feed === undefined) {
      throw new TypeError(`Input \`${input.name}\` is missing: the model needs ${listed(inputs)}.`)
    }
    return checkFeed(input, feed)
  })
}

/** The error for a name that the model does not have. */
export function unknownName(kind: 'input' | 'output', name: string, infos: readonly TensorInfo[]): TypeError {
  return new TypeError(`No ${kind} \`${name}\`: the model's ${kind}s are ${listed(infos)}.`)
}

/** Checks one feed against its input. */
export function checkFeed(input: TensorInfo, feed: Feed): CheckedFeed {
  const name = input.name
  const given: unknown = feed
  if (typeof given !== 'object' || given === null || ArrayBuffer.isView(given)) {
    throw wrongType(name, 'a tensor { dtype, shape, data }, an ndarray or { dtype, shape, write }', given)
  }
  const candidate = isNdArray(feed) ? asDeclared(fromNdArray(feed, name), input) : feed
  checkDType(`${name}.dtype`, candidate.dtype)
  checkShape(`${name}.shape`, candidate.shape)
  const { dtype, shape, lod } = candidate
  checkDeclared(input, dtype, shape)
  if (lod !== undefined) checkFeedLod(`${name}.lod`, lod, shape)
  const checked = {
    name,
    dtype,
    shape: [...shape],
    byteLength: elementCount(shape) * dtypes[dtype].bytes,
    ...(lod === undefined ? {} : { lod }),
  }
  if ('write' in candidate) {
    if (typeof candidate.write !== 'function') throw wrongType(`${name}.write`, 'a function', candidate.write)
    return {
      ...checked,
      write: (target) => {
        fill(candidate, target, name)
      },
    }
  }
  const data: unknown = candidate.data
  checkData(`${name}.data`, dtype, shape, data)
  return {
    ...checked,
    write: (target) => {
      target.set(data as never)
    },
  }
}

function fill(writer: { write(data: TensorData): unknown }, target: TensorData, name: string): void {
  const result = writer.write(target)
  if (typeof result === 'object' && result !== null && 'then' in result) {
    throw new TypeError(
      `\`${name}.write\` must have filled the tensor when it returns, but it returned a promise.`,
    )
  }
}

/** A `Uint8Array` stands for bool where the model wants bool. */
export function asDeclared(tensor: Tensor, input: TensorInfo): Tensor {
  return tensor.dtype === 'uint8' && input.dtype === 'bool' ? { ...tensor, dtype: 'bool' } : tensor
}

function checkDeclared(input: TensorInfo, dtype: DType, shape: readonly number[]): void {
  const declared = `${input.dtype} [${input.shape.join(',')}]`
  const got = `${dtype} [${shape.join(',')}]`
  if (shape.length !== input.shape.length) {
    throw new TypeError(
      `Input \`${input.name}\` expects ${declared} (${dimensions(input.shape)}), got ${got} (${shape.length}).`,
    )
  }
  if (dtype !== input.dtype) throw new TypeError(`Input \`${input.name}\` expects ${declared}, got ${got}.`)
}

function dimensions(shape: readonly number[]): string {
  return shape.length === 1 ? '1 dimension' : `${shape.length} dimensions`
}

function listed(infos: readonly TensorInfo[]): string {
  return infos.map(({ name }) => `\`${name}\``).join(', ')
}

/** Writes the feeds one behind the other into a region, which grows as it must, and tells where they lie. */
export function placeFeeds(feeds: readonly CheckedFeed[], region: Lane['input']): PlacedTensor[] {
  let bytes = 0
  const placed = feeds.map(({ name, dtype, shape, byteLength, lod }): PlacedTensor => {
    const offset = bytes
    bytes = aligned(offset + byteLength)
    return { name, dtype, shape, offset, ...(lod === undefined ? {} : { lod }) }
  })
  region.grow(bytes)
  for (const [index, feed] of feeds.entries()) {
    const place = placed[index]
    if (place) feed.write(viewOf(region.buffer, place))
  }
  return placed
}

/** The tensor's elements where they lie in a region. */
export function viewOf(buffer: ArrayBuffer, { dtype, shape, offset }: PlacedTensor): TensorData {
  checkDType('dtype', dtype)
  const count = elementCount(shape)
  return new dtypes[dtype].array(count === 0 ? new ArrayBuffer(0) : buffer, count === 0 ? 0 : offset, count)
}
