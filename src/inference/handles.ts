import type { NdArray } from 'ndarray'
import type { TensorInfo } from '../bridge/index.js'
import { PaddleError, wrongType } from '../errors.js'
import {
  arrayTypeOf,
  checkLod,
  checkShape,
  dtypeOfArray,
  elementCount,
  fromNdArray,
  isNdArray,
  toNdArray,
  type Lod,
  type NdArrayData,
  type Tensor,
  type TensorData,
} from '../tensor/index.js'
import { checkFeed } from './feeds.js'

/** An input of a predictor, by paddle's five steps: `reshape`, `copyFromCpu`, then the predictor's `run()`. */
export class InputHandle {
  readonly #info: TensorInfo
  #shape: readonly number[] | undefined
  #lod: Lod | undefined
  #tensor: Tensor | undefined

  constructor(info: TensorInfo) {
    this.#info = info
  }

  get name(): string {
    return this.#info.name
  }

  /** Sets the shape of the array that is copied next; an `ndarray` brings its own. */
  reshape(shape: readonly number[]): void {
    checkShape('shape', shape)
    this.#shape = [...shape]
  }

  /**
   * Copies `data` for the next runs: the caller may change it afterwards.
   *
   * @param data An `ndarray`, a {@link Tensor}, or a typed array in row-major order for the shape that `reshape` has set.
   * @throws TypeError or RangeError when its dtype, rank or number of elements is not what the input takes.
   */
  copyFromCpu(data: NdArray | Tensor | TensorData): void {
    const tensor = this.#toTensor(data)
    checkFeed(this.#info, tensor)
    this.#tensor = { ...tensor, shape: [...tensor.shape], data: tensor.data.slice() } as Tensor
    this.#shape = tensor.shape
  }

  /** Sets the LoD of the input, as offsets per level (`set_lod`). */
  setLod(lod: Lod): void {
    checkLod('lod', lod)
    this.#lod = lod.map((level) => [...level])
  }

  /** The shape that was set, or else the declared one (`shape`). */
  shape(): number[] {
    return [...(this.#shape ?? this.#info.shape)]
  }

  /** The declared dtype (`type`). */
  type(): string {
    return this.#info.dtype
  }

  /** What `run()` feeds. */
  feed(): Tensor {
    if (!this.#tensor) {
      throw new TypeError(`Input \`${this.name}\` has no data: call copyFromCpu on its handle before run().`)
    }
    return this.#lod === undefined ? this.#tensor : { ...this.#tensor, lod: this.#lod }
  }

  #toTensor(data: NdArray | Tensor | TensorData): Tensor {
    if (isNdArray(data)) return this.#asDeclared(fromNdArray(data, this.name))
    if (arrayTypeOf(data) === undefined) {
      if (typeof data === 'object' && 'dtype' in data) return data
      throw wrongType('data', 'an ndarray, a tensor or a typed array', data)
    }
    const array = data as TensorData
    const shape = this.#shape ?? this.#declaredShape(array.length)
    return this.#asDeclared({ dtype: dtypeOfArray('data', array), shape, data: array } as Tensor)
  }

  /** A `Uint8Array` stands for bool where the model wants bool. */
  #asDeclared(tensor: Tensor): Tensor {
    return tensor.dtype === 'uint8' && this.#info.dtype === 'bool' ? { ...tensor, dtype: 'bool' } : tensor
  }

  /** The declared shape, with its one open dimension worked out. */
  #declaredShape(length: number): readonly number[] {
    const { shape } = this.#info
    const open = shape.filter((dimension) => dimension < 0).length
    const fixed = elementCount(shape.filter((dimension) => dimension >= 0))
    if (open > 1 || (open === 1 && (fixed === 0 || length % fixed !== 0))) {
      throw new TypeError(
        `The shape of input \`${this.name}\` is open, [${shape.join(',')}]: call reshape on its handle before copyFromCpu.`,
      )
    }
    return shape.map((dimension) => (dimension < 0 ? length / fixed : dimension))
  }
}

/** An output of a predictor, to be read after `run()`. */
export class OutputHandle {
  readonly #info: TensorInfo
  readonly #last: () => Tensor | undefined

  constructor(info: TensorInfo, last: () => Tensor | undefined) {
    this.#info = info
    this.#last = last
  }

  get name(): string {
    return this.#info.name
  }

  /**
   * The output of the last `run()` as an `ndarray` in the caller's own memory.
   *
   * @throws PaddleError RUN_FAILED before the first run.
   */
  copyToCpu(): NdArray<NdArrayData> {
    const tensor = this.#last()
    if (!tensor) {
      throw new PaddleError(
        'RUN_FAILED',
        `Output \`${this.name}\` has no data yet.\nAwait run() before copyToCpu().`,
      )
    }
    return toNdArray({ ...tensor, data: tensor.data.slice() } as Tensor)
  }

  /** The shape of the last run's output, or else the declared one (`shape`). */
  shape(): number[] {
    return [...(this.#last()?.shape ?? this.#info.shape)]
  }

  /** The dtype of the last run's output, or else the declared one (`type`). */
  type(): string {
    return this.#last()?.dtype ?? this.#info.dtype
  }

  /** The LoD of the last run's output, as offsets per level; empty when it has none (`lod`). */
  lod(): number[][] {
    return (this.#last()?.lod ?? []).map((level) => [...level])
  }
}
