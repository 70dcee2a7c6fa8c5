import { allocateMemory, closeMemory, createMemory, mapMemory } from './native-memory.js'

const PAGE = 4096

/** Where the next tensor may start: offsets are multiples of a cache line. */
export function aligned(offset: number): number {
  return Math.ceil(offset / 64) * 64
}

/** Memory that Node and a worker both map. It outlives the worker: the next one in its place takes it over. */
class Region {
  readonly descriptor = createMemory()
  #buffer: ArrayBuffer = new ArrayBuffer(0)

  get size(): number {
    return this.#buffer.byteLength
  }

  /** The memory as it is mapped now; asked for anew after each growth. */
  get buffer(): ArrayBuffer {
    return this.#buffer
  }

  /** Makes room for `bytes`. What lies in the region stays where it is. */
  grow(bytes: number): void {
    if (bytes <= this.size) return
    const size = Math.ceil(Math.max(bytes, 2 * this.size) / PAGE) * PAGE
    allocateMemory(this.descriptor, size)
    this.#buffer = mapMemory(this.descriptor, size)
  }

  /** Takes notice that the worker has grown the region to `bytes`. */
  mapGrown(bytes: number): void {
    if (bytes > this.size) this.#buffer = mapMemory(this.descriptor, bytes)
  }

  /** Lets go of the memory; arrays that still look into it stay valid for as long as they live. */
  close(): void {
    closeMemory(this.descriptor)
    this.#buffer = new ArrayBuffer(0)
  }
}

/** The memory of one run: its feeds, and what comes out. */
export class Lane {
  readonly input = new Region()
  readonly output = new Region()

  constructor(readonly index: number) {}

  close(): void {
    this.input.close()
    this.output.close()
  }
}
