import type { NdArray } from 'ndarray'
import type { TensorInfo } from '../../bridge/index.js'
import { checkConstructor, type ConstructorKey } from '../../constructor-key.js'
import { callerTypeError, wrongType } from '../../errors.js'
import {
  arrayTypeOf,
  dtypeOfArray,
  dtypes,
  elementCount,
  isDType,
  readLod,
  readShape,
  toNdArray,
  type Float16ArrayLike,
  type Lod,
  type NdArrayData,
  type Nested,
  type Tensor,
  type TensorData,
} from '../../tensor/index.js'
import { AllocatedTensor } from '../memory/arena.js'
import { checkFeed } from './check-feeds.js'
import type { DeclaredInputs } from './declared-inputs.js'
import type { CheckedFeed, Feed, FeedTensor } from './feed-types.js'

/**
 * An input of a predictor, as in paddle's API: call `reshape` and `copyFromCpu`, then the predictor's
 * `run()`.
 */
export class InputHandle {
  readonly #info: TensorInfo
  readonly #declaredInputs: DeclaredInputs
  /** The shape set by `reshape`, and that of the current data. */
  #reshaped: readonly number[] | undefined
  #shape: readonly number[] | undefined
  #lod: Lod | undefined
  #feed: Tensor | AllocatedTensor | readonly string[] | undefined

  constructor(key: ConstructorKey, info: TensorInfo, declaredInputs: DeclaredInputs) {
    checkConstructor(key, 'InputHandle', 'predictor.getInputHandle(name)')
    this.#info = info
    this.#declaredInputs = declaredInputs
  }

  get name(): string {
    return this.#info.name
  }

  /** Sets the shape of the array that is copied next; an `ndarray` has its own shape. */
  reshape(shape: readonly number[]): void {
    this.#reshaped = readShape('shape', shape)
    this.#shape = this.#reshaped
  }

  /**
   * Copies `data` for the next runs; the caller may change it afterwards.
   *
   * @param data An `ndarray`, a tensor, nested arrays, an array of strings, or a typed or flat array in
   * row-major order for the shape that `reshape` has set.
   * @throws TypeError or RangeError if its dtype, shape or number of elements does not fit the input;
   * PaddleError DTYPE_UNSUPPORTED.
   */
  copyFromCpu(
    data:
      | NdArray
      | NdArray<NdArrayData>
      | FeedTensor
      | AllocatedTensor
      | TensorData
      | Float16ArrayLike
      | Nested<number | bigint | boolean>
      | readonly string[],
  ): void {
    const given = this.#shaped(data)
    if (typeof given === 'object' && 'write' in given) {
      throw wrongType('data', 'elements to copy, not a function that writes them', given)
    }
    const checked = checkFeed(this.#info, given, this.#declaredInputs)
    this.#feed = checked.strings ?? copyOf(checked)
    this.#shape = checked.shape
    if (checked.lod !== undefined) this.setLod(checked.lod)
  }

  /**
   * Lets the next runs read `tensor` in place, including later changes to it. A tensor from
   * `predictor.allocate()` is not copied at all; each run copies any other tensor into shared memory.
   *
   * @throws TypeError or RangeError if its dtype, shape or number of elements does not fit the input;
   * PaddleError TENSOR_CLOSED.
   */
  shareExternalData(tensor: Tensor | AllocatedTensor): void {
    const { shape, lod } = checkFeed(this.#info, tensor, this.#declaredInputs)
    this.#feed = tensor
    this.#shape = shape
    if (lod !== undefined) this.setLod(lod)
  }

  /**
   * Sets the LoD of the input, as offsets per level (`set_lod`); a tensor that is copied later may override
   * it. It also applies to a shared allocated tensor.
   */
  setLod(lod: Lod): void {
    this.#lod = readLod('lod', lod)
  }

  /** The LoD of the input, as offsets per level; empty if there is none (`lod`). */
  lod(): number[][] {
    return (this.#lod ?? []).map((level) => [...level])
  }

  /** The shape that was set, or the declared one (`shape`). */
  shape(): number[] {
    return [...(this.#shape ?? this.#info.shape)]
  }

  /** The declared dtype (`type`). */
  type(): string {
    return this.#info.dtype
  }

  /** The value that `run()` feeds. */
  feed(): Feed {
    const feed = this.#feed
    if (!feed) {
      throw callerTypeError(
        `Input \`${this.name}\` has no data: call copyFromCpu on its handle before run().`,
      )
    }
    if (this.#lod === undefined || !('dtype' in feed)) return feed
    if (!(feed instanceof AllocatedTensor)) return { ...feed, lod: this.#lod }
    feed.lod = this.#lod
    return feed
  }

  /**
   * Gives typed and flat arrays the shape that was set, or the declared one; other data has its own shape.
   */
  #shaped(data: unknown): Feed {
    const typed = arrayTypeOf(data) !== undefined
    const { dtype } = this.#info
    if (!typed && !(isFlat(data) && isDType(dtype))) {
      if (typeof data === 'string') throw wrongType('data', 'an array of strings', data)
      return data as Feed
    }
    const elements = data as TensorData | readonly number[]
    return {
      dtype: typed ? dtypeOfArray('data', data, dtype) : dtype,
      shape: this.#reshaped ?? this.#declaredShape(elements.length),
      data: elements,
    } as FeedTensor
  }

  /** The declared shape, with its one dynamic dimension computed from the number of elements. */
  #declaredShape(length: number): readonly number[] {
    const { shape } = this.#info
    const open = shape.filter((dimension) => dimension < 0).length
    const fixed = elementCount(shape.filter((dimension) => dimension >= 0))
    if (open > 1 || (open === 1 && (fixed === 0 || length % fixed !== 0))) {
      throw callerTypeError(
        `The shape of input \`${this.name}\` is dynamic, [${shape.join(',')}]: call reshape on its handle before copyFromCpu.`,
      )
    }
    return shape.map((dimension) => (dimension < 0 ? length / fixed : dimension))
  }
}

/** Whether it is an array of elements rather than of arrays. */
function isFlat(data: unknown): boolean {
  return Array.isArray(data) && !data.some((item) => Array.isArray(item))
}

function copyOf({ dtype, shape, write }: CheckedFeed): Tensor {
  if (!isDType(dtype)) throw wrongType('dtype', 'one that a tensor can have', dtype)
  const data = new dtypes[dtype].array(elementCount(shape))
  // `write` copies given elements synchronously.
  void write(data)
  return { dtype, shape, data } as Tensor
}

/** An output of a predictor, to read after `run()`. */
export class OutputHandle {
  readonly #info: TensorInfo
  readonly #last: () => Tensor | undefined

  constructor(key: ConstructorKey, info: TensorInfo, last: () => Tensor | undefined) {
    checkConstructor(key, 'OutputHandle', 'predictor.getOutputHandle(name)')
    this.#info = info
    this.#last = last
  }

  get name(): string {
    return this.#info.name
  }

  /**
   * The output of the last `run()` as an `ndarray` in memory that belongs to the caller; float16 and bfloat16
   * as their bits (`fromHalves`).
   *
   * @throws TypeError before the first run.
   */
  copyToCpu(): NdArray<NdArrayData> {
    const tensor = this.#last()
    if (!tensor) {
      throw callerTypeError(`Output \`${this.name}\` has no data yet: await run() before copyToCpu().`)
    }
    return toNdArray({ ...tensor, data: tensor.data.slice() } as Tensor)
  }

  /** The shape of the last run's output; before that, the declared one (`shape`). */
  shape(): number[] {
    return [...(this.#last()?.shape ?? this.#info.shape)]
  }

  /** The dtype of the last run's output; before that, the declared one (`type`). */
  type(): string {
    return this.#last()?.dtype ?? this.#info.dtype
  }

  /** The LoD of the last run's output, as offsets per level; empty if it has none (`lod`). */
  lod(): number[][] {
    return (this.#last()?.lod ?? []).map((level) => [...level])
  }
}
