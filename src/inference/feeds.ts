import type { NdArray } from 'ndarray'
import { aligned, type PlacedTensor, type TensorInfo } from '../bridge/index.js'
import { wrongType } from '../errors.js'
import {
  checkData,
  checkDType,
  checkLod,
  checkShape,
  dtypes,
  elementCount,
  fromNdArray,
  isNdArray,
  type DataOf,
  type DType,
  type Lod,
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
export type Feed = Tensor | FeedWriter | NdArray

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
  if (typeof given !== 'object' || given === null) {
    throw wrongType(name, 'a tensor { dtype, shape, data }, an ndarray or { dtype, shape, write }', given)
  }
  const candidate = isNdArray(feed) ? withBool(fromNdArray(feed, name), input) : feed
  checkDType(`${name}.dtype`, candidate.dtype)
  checkShape(`${name}.shape`, candidate.shape)
  const { dtype, shape, lod } = candidate
  checkDeclared(input, dtype, shape)
  if (lod !== undefined) checkLod(`${name}.lod`, lod)
  const checked = {
    name,
    dtype,
    shape: [...shape],
    byteLength: elementCount(shape) * dtypes[dtype].bytes,
    ...(lod === undefined ? {} : { lod }),
  }
  if ('write' in candidate) {
    if (typeof candidate.write !== 'function') throw wrongType(`${name}.write`, 'a function', candidate.write)
    return { ...checked, write: candidate.write as (target: TensorData) => void }
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

/** A `Uint8Array` stands for bool where the model wants bool. */
function withBool(tensor: Tensor, input: TensorInfo): Tensor {
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

interface PlacedFeed {
  readonly feed: CheckedFeed
  readonly at: PlacedTensor
}

/** Where each feed lies in a region, and how long the region must be. */
export function placeFeeds(feeds: readonly CheckedFeed[]): { placed: PlacedFeed[]; bytes: number } {
  let bytes = 0
  const placed = feeds.map((feed): PlacedFeed => {
    const { name, dtype, shape, byteLength, lod } = feed
    const offset = bytes
    bytes = aligned(offset + byteLength)
    return { feed, at: { name, dtype, shape, offset, ...(lod === undefined ? {} : { lod }) } }
  })
  return { placed, bytes }
}

/** The tensor's elements where they lie in a region. */
export function viewOf(buffer: ArrayBuffer, { dtype, shape, offset }: PlacedTensor): TensorData {
  checkDType('dtype', dtype)
  const count = elementCount(shape)
  return new dtypes[dtype].array(count === 0 ? new ArrayBuffer(0) : buffer, count === 0 ? 0 : offset, count)
}
