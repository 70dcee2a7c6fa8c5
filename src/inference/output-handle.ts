import type { NdArray } from 'ndarray'
import { callerTypeError } from '../errors.js'
import type { TensorInfo } from '../bridge/index.js'
import { toNdArray, type NdArrayData, type Tensor } from '../tensor/index.js'

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
   * The output of the last `run()` as an `ndarray` in the caller's own memory; of float16 and bfloat16 their bits (`fromHalves`).
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
