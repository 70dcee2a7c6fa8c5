import type { NdArray } from 'ndarray'
import type { DataLike, DataOf, DType, Lod, NdArrayData, Nested, TensorData } from '../../tensor/index.js'
import type { AllocatedTensor } from '../memory/arena.js'

interface FeedTensorOf<D extends DType> {
  readonly dtype: D
  readonly shape: readonly number[]
  /** The typed array of the dtype, or a list of elements in row-major order. */
  readonly data: DataLike<D>
  readonly lod?: Lod
}

/** A tensor as it can be fed; `tensor()` makes one that is checked, an output is one too. */
export type FeedTensor<D extends DType = DType> = { [K in D]: FeedTensorOf<K> }[D]

interface FeedWriterOf<D extends DType> {
  readonly dtype: D
  readonly shape: readonly number[]
  readonly lod?: Lod
  /**
   * Fills the tensor where it lies, in the worker's memory, just before the run. `data` holds anything at first, has the
   * product of `shape` elements, and must not be kept: the next run writes there. A promise is waited for.
   */
  readonly write: (data: DataOf<D>) => void | Promise<void>
}

/** A feed without a copy: its elements are written straight into shared memory. */
export type FeedWriter<D extends DType = DType> = { [K in D]: FeedWriterOf<K> }[D]

/**
 * What an input can be fed with. Nested arrays are of the input's declared dtype, and of the shape that they have; an input of
 * strings takes an array of strings.
 */
export type Feed =
  | FeedTensor
  | FeedWriter
  | AllocatedTensor
  | NdArray
  | NdArray<NdArrayData>
  | Nested<number | bigint | boolean>
  | readonly string[]

/** Feeds by the names of the inputs. */
export type Feeds = Readonly<Record<string, Feed>>

/** A feed that has passed the checks. */
export interface CheckedFeed {
  readonly name: string
  readonly dtype: string
  readonly shape: readonly number[]
  readonly byteLength: number
  readonly lod?: Lod
  /** Where it lies in the arena already. */
  readonly arenaOffset?: number
  readonly strings?: readonly string[]
  /** Whether `write` is a caller's, which may do anything. */
  readonly isCallers?: true
  readonly write: (target: TensorData) => void | Promise<void>
}

const plain = new WeakSet<object>()

/** Marks a writer of our own, which fills the tensor and does nothing else: it runs no predictor, and neither keeps nor transfers the memory. */
export function trustedWriter<W extends FeedWriter>(writer: W): W {
  plain.add(writer)
  return writer
}

export function isTrustedWriter(writer: object): boolean {
  return plain.has(writer)
}
