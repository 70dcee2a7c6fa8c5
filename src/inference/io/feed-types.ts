import type { NdArray } from 'ndarray'
import type { DataLike, DataOf, DType, Lod, NdArrayData, Nested, TensorData } from '../../tensor/index.js'
import type { AllocatedTensor } from '../memory/arena.js'

interface FeedTensorOf<D extends DType> {
  readonly dtype: D
  readonly shape: readonly number[]
  /** The typed array of the dtype, or an array of elements in row-major order. */
  readonly data: DataLike<D>
  readonly lod?: Lod
}

/** A tensor to feed. `tensor()` returns a checked one; outputs are such tensors too. */
export type FeedTensor<D extends DType = DType> = { [K in D]: FeedTensorOf<K> }[D]

interface FeedWriterOf<D extends DType> {
  readonly dtype: D
  readonly shape: readonly number[]
  readonly lod?: Lod
  /**
   * Fills the tensor directly in shared memory, just before the run. `data` has the product of `shape`
   * elements with undefined initial contents. Do not keep it: the next run writes to the same memory. A
   * returned promise is awaited.
   */
  readonly write: (data: DataOf<D>) => void | Promise<void>
}

/** A feed without a copy: `write` puts its elements directly into shared memory. */
export type FeedWriter<D extends DType = DType> = { [K in D]: FeedWriterOf<K> }[D]

/**
 * The values that an input accepts. Nested arrays take the input's declared dtype and their own shape; a
 * string input takes an array of strings.
 */
export type Feed =
  | FeedTensor
  | FeedWriter
  | AllocatedTensor
  | NdArray
  | NdArray<NdArrayData>
  | Nested<number | bigint | boolean>
  | readonly string[]

/** Feeds by input name. */
export type Feeds = Readonly<Record<string, Feed>>

/** A feed that has passed the checks. */
export interface CheckedFeed {
  readonly name: string
  readonly dtype: string
  readonly shape: readonly number[]
  readonly byteLength: number
  readonly lod?: Lod
  /** Its offset in the arena, if it is there already. */
  readonly arenaOffset?: number
  readonly strings?: readonly string[]
  /** Whether `write` is user code, which may do anything. */
  readonly isCallers?: true
  readonly write: (target: TensorData) => void | Promise<void>
}

const plain = new WeakSet<object>()

/**
 * Marks a writer of this package that only fills the tensor: it runs no predictor, and neither keeps nor
 * transfers the memory.
 */
export function trustedWriter<W extends FeedWriter>(writer: W): W {
  plain.add(writer)
  return writer
}

export function isTrustedWriter(writer: object): boolean {
  return plain.has(writer)
}
