import type { NdArray } from 'ndarray'
import type { TensorInfo } from '../bridge/index.js'
import { wrongType } from '../errors.js'
import {
  arrayTypeOf,
  checkLod,
  checkShape,
  dtypeOfArray,
  dtypes,
  elementCount,
  fromNdArray,
  isNdArray,
  toNdArray,
  type Lod,
  type NdArrayData,
  type Tensor,
  type TensorData,
} from '../tensor/index.js'
import { asDeclared, checkFeed } from './feeds.js'

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
  copyFromCpu(data: NdArray | NdArray<NdArrayData> | Tensor | TensorData): void {
    const tensor = this.#toTensor(data)
    checkFeed(this.#info, tensor)
    const { dtype, shape, lod } = tensor
    // Not slice(): that of a Buffer copies nothing.
    const copy = new dtypes[dtype].array(tensor.data as never)
    this.#tensor = { dtype, shape: [...shape], data: copy } as Tensor
    this.#shape = this.#tensor.shape
    if (lod !== undefined) this.setLod(lod)
  }

  /** Sets the LoD of the input, as offsets per level (`set_lod`); a tensor that is copied later may bring its own. */
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

  #toTensor(data: unknown): Tensor {
    if (isNdArray(data)) return asDeclared(fromNdArray(data, this.name), this.#info)
    if (arrayTypeOf(data) !== undefined) {
      const array = data as TensorData
      const shape = this.#shape ?? this.#declaredShape(array.length)
      return asDeclared({ dtype: dtypeOfArray('data', array), shape, data: array } as Tensor, this.#info)
    }
    if (typeof data === 'object' && data !== null && 'dtype' in data && 'data' in data) return data as Tensor
    throw wrongType('data', 'an ndarray, a tensor or a typed array', data)
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
   * @throws TypeError before the first run.
   */
  copyToCpu(): NdArray<NdArrayData> {
    const tensor = this.#last()
    if (!tensor) {
      throw new TypeError(`Output \`${this.name}\` has no data yet: await run() before copyToCpu().`)
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
