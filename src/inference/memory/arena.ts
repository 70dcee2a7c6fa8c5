import { aligned, markExposed, Region, releaseIfTransferred } from '../../bridge/index.js'
import { checkConstructor, constructorKey, type ConstructorKey } from '../../constructor-key.js'
import { PaddleError } from '../../errors.js'
import { dtypes, elementCount, type DataOf, type DType, type Lod } from '../../tensor/index.js'

/** The memory of one tensor in an arena. */
interface TensorPlace<D extends DType> {
  /** An array over the memory at its current mapping. */
  view(): DataOf<D>
  /** Frees the memory. */
  free(): void
}

/**
 * A tensor in memory that the worker also maps: fill `data` and feed the tensor without a copy. Later writes
 * apply to the next run. Created by `predictor.allocate()` or `pool.allocate()`.
 *
 * `close()` frees the memory; call it once the runs that use the tensor have settled. After that, `data`
 * throws. An array obtained from it earlier remains accessible, but its memory may belong to another tensor.
 *
 * The memory can be transferred (`data.buffer.transfer()`, `enqueue` of a byte stream) without a copy: the
 * new owner then shares it until the process ends, and `data` is a new array over it. To pass on the current
 * elements, copy them: `data.slice()`. Electron shares no memory with the worker: there, each run copies the
 * elements, and after a transfer they are zeros.
 */
export class AllocatedTensor<D extends DType = DType> implements Disposable {
  readonly dtype: D
  readonly shape: readonly number[]
  /** The LoD that the tensor is fed with. */
  lod: Lod | undefined
  readonly #place: TensorPlace<D>
  readonly #isEmpty: boolean
  #data: DataOf<D> | undefined

  constructor(key: ConstructorKey, dtype: D, shape: readonly number[], place: TensorPlace<D>) {
    checkConstructor(key, 'AllocatedTensor', 'predictor.allocate(name, shape)')
    this.dtype = dtype
    this.shape = shape
    this.#place = place
    this.#isEmpty = elementCount(shape) === 0
    this.#data = place.view()
  }

  /**
   * The elements in row-major order, in shared memory, with undefined initial contents. In a bool tensor,
   * write only 0 or 1.
   *
   * @throws PaddleError TENSOR_CLOSED after `close()`, or once the predictor was closed
   */
  get data(): DataOf<D> {
    if (this.#data && !this.#isEmpty && releaseIfTransferred(this.#data.buffer))
      this.#data = this.#place.view()
    if (this.#data) return this.#data
    throw new PaddleError(
      'TENSOR_CLOSED',
      `The ${this.dtype} tensor [${this.shape.join(',')}] or its predictor was closed.`,
      { advice: 'Allocate another one, or close it later.' },
    )
  }

  /** Frees the memory. May be called twice. */
  close(): void {
    if (!this.#data) return
    releaseIfTransferred(this.#data.buffer)
    this.#data = undefined
    this.#place.free()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

/** The memory in which a predictor or a pool allocates tensors. It grows as needed; every worker maps it. */
export class Arena {
  readonly #region: Region
  readonly #free = new FreeList()
  readonly #places = new Map<AllocatedTensor, number>()
  #closed = false

  constructor(region = new Region()) {
    this.#region = region
  }

  get descriptor(): number {
    return this.#region.descriptor
  }

  get size(): number {
    return this.#region.size
  }

  /**
   * Allocates memory for a tensor, with undefined contents.
   *
   * @throws PaddleError SHARED_MEMORY_FAILED, PREDICTOR_CLOSED
   */
  allocate<D extends DType>(dtype: D, shape: readonly number[]): AllocatedTensor<D> {
    if (this.#closed) {
      throw new PaddleError('PREDICTOR_CLOSED', 'No tensor can be allocated: the predictor was closed.', {
        advice: 'Create another one.',
      })
    }
    const { array, bytes } = dtypes[dtype]
    const count = elementCount(shape)
    const room = aligned(count * bytes)
    const offset = room === 0 ? 0 : this.#take(room)
    const free = (): void => {
      if (room > 0) this.#free.give(offset, room)
    }
    const view = (): DataOf<D> => {
      if (room === 0) return new array(0) as DataOf<D>
      // A copy of the whole arena would be another one after it has grown.
      if (!this.#region.isShared) return new array(count) as DataOf<D>
      const { buffer } = this.#region
      markExposed(buffer)
      return new array(buffer, offset, count) as DataOf<D>
    }
    let tensor: AllocatedTensor<D>
    try {
      tensor = new AllocatedTensor(constructorKey, dtype, [...shape], {
        view,
        free: () => {
          this.#places.delete(tensor)
          free()
        },
      })
    } catch (error) {
      free()
      throw error
    }
    this.#places.set(tensor, offset)
    return tensor
  }

  /** The offset of a tensor in this arena; undefined for a tensor of another arena. */
  offsetOf(tensor: AllocatedTensor): number | undefined {
    return this.#places.get(tensor)
  }

  /** Lets the worker see the elements of the tensors at these offsets, if the memory is not shared. */
  send(offsets: readonly number[]): void {
    if (this.#region.isShared) return
    for (const [tensor, offset] of this.#places) {
      if (offsets.includes(offset)) this.#region.send(tensor.data, offset)
    }
  }

  /** Closes every tensor and unmaps the memory. May be called twice. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    for (const tensor of [...this.#places.keys()]) tensor.close()
    this.#region.close()
  }

  #take(bytes: number): number {
    const offset = this.#free.take(bytes)
    if (offset !== undefined) return offset
    const before = this.#region.size
    this.#region.grow(before + bytes - this.#free.freeAtEnd(before))
    this.#free.give(before, this.#region.size - before)
    return this.#take(bytes)
  }
}

interface Block {
  readonly offset: number
  readonly bytes: number
}

/** The free blocks of a memory, ordered by offset; adjacent blocks are merged. */
export class FreeList {
  #blocks: Block[] = []

  /**
   * Takes `bytes` from the first block that is large enough and returns the offset; undefined if there is
   * none.
   */
  take(bytes: number): number | undefined {
    const index = this.#blocks.findIndex((block) => block.bytes >= bytes)
    const block = this.#blocks[index]
    if (!block) return undefined
    const rest = { offset: block.offset + bytes, bytes: block.bytes - bytes }
    this.#blocks.splice(index, 1, ...(rest.bytes > 0 ? [rest] : []))
    return block.offset
  }

  /** Frees a block, or adds new memory. */
  give(offset: number, bytes: number): void {
    const next = this.#blocks.findIndex((block) => block.offset > offset)
    const index = next === -1 ? this.#blocks.length : next
    const before = this.#blocks[index - 1]
    const after = this.#blocks[index]
    const joinsBefore = before !== undefined && before.offset + before.bytes === offset
    const joinsAfter = after?.offset === offset + bytes
    const start = joinsBefore ? before.offset : offset
    const end = joinsAfter ? after.offset + after.bytes : offset + bytes
    const from = joinsBefore ? index - 1 : index
    const joined = Number(joinsBefore) + Number(joinsAfter)
    this.#blocks.splice(from, joined, { offset: start, bytes: end - start })
  }

  /** The number of free bytes at the end of a memory of `size`. */
  freeAtEnd(size: number): number {
    const last = this.#blocks.at(-1)
    return last && last.offset + last.bytes === size ? last.bytes : 0
  }
}
