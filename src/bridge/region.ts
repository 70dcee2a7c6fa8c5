import { readSync, writeSync } from 'node:fs'
import type { ModelBuffers } from '../model/index.js'
import { mapMemory, releaseIfTransferred } from './mapped-memory.js'
import type { CreateRequest } from './protocol/control.js'
import { allocateMemory, createMemory, releaseMemory, sharedMemoryError } from './shared-memory.js'
import { trace } from './trace.js'

const PAGE = 4096

/** Node reads and writes less than 2 GiB at once. */
const mostAtOnce = 2 ** 30

/** Rounds an offset up to the next tensor boundary, a multiple of a cache line. */
export function aligned(offset: number): number {
  return Math.ceil(offset / 64) * 64
}

/**
 * Memory that Node and a worker both map. It outlives the worker; the next worker takes it over.
 *
 * In a runtime that cannot map it (Electron), `buffer` is a copy: `send` and `receive` copy to and from the
 * memory of the worker.
 */
export class Region {
  readonly #memory = createMemory()
  #buffer: ArrayBuffer | undefined
  #size = 0
  #isShared = true
  #closed = false

  get descriptor(): number {
    return this.#memory.descriptor
  }

  get size(): number {
    return this.#size
  }

  /**
   * The memory at its current mapping. Read it again after each growth, and whenever user code may have
   * transferred it.
   */
  get buffer(): ArrayBuffer {
    if (this.#buffer && releaseIfTransferred(this.#buffer)) this.#map(this.#size)
    return this.#buffer ?? new ArrayBuffer(0)
  }

  /** Whether the worker sees what is written to `buffer`, and the other way round. */
  get isShared(): boolean {
    return this.#isShared
  }

  /**
   * Lets the worker see the elements of a view. Has no effect if the memory is shared, or after `close`, when
   * the descriptor may already be that of another file.
   *
   * @param offset - where the worker expects them, in bytes
   */
  send(view: ArrayBufferView, offset = view.byteOffset): void {
    if (this.#isShared || this.#closed) return
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
    for (let done = 0; done < bytes.length;) {
      done += writeSync(
        this.descriptor,
        bytes,
        done,
        Math.min(mostAtOnce, bytes.length - done),
        offset + done,
      )
    }
  }

  /**
   * Updates a view of `buffer` with what the worker has written. Has no effect as `send` has none.
   *
   * @throws PaddleError SHARED_MEMORY_FAILED if the memory ends before the view
   */
  receive(view: ArrayBufferView): void {
    if (this.#isShared || this.#closed) return
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
    for (let done = 0; done < bytes.length;) {
      const length = Math.min(mostAtOnce, bytes.length - done)
      const count = readSync(this.descriptor, bytes, done, length, view.byteOffset + done)
      if (count === 0) throw cutShort(done, bytes.length)
      done += count
    }
  }

  /**
   * Grows the region to at least `bytes`, and at least doubles it, so that it rarely grows. Its contents stay
   * in place, but not those of a copy.
   *
   * @throws PaddleError SHARED_MEMORY_FAILED; the region then keeps its size
   */
  grow(bytes: number): void {
    if (bytes <= this.#size) return
    try {
      this.#growTo(Math.max(bytes, 2 * this.#size))
    } catch (error) {
      if (bytes >= 2 * this.#size) throw error
      this.#growTo(bytes)
    }
  }

  #growTo(bytes: number): void {
    const size = Math.ceil(bytes / PAGE) * PAGE
    allocateMemory(this.descriptor, this.#size, size)
    try {
      this.#map(size)
    } catch (error) {
      releaseMemory(this.descriptor, this.#size, size)
      throw error
    }
    trace.memory(this.descriptor, size)
  }

  #map(bytes: number): void {
    const buffer = mapMemory(this.descriptor, bytes)
    this.#letGo()
    this.#isShared = buffer !== undefined
    this.#buffer = buffer ?? new ArrayBuffer(bytes)
    this.#size = bytes
  }

  /** Releases the memory; existing arrays over it stay valid. May be called twice. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#memory.close()
    this.#letGo()
    this.#size = 0
  }

  #letGo(): void {
    if (this.#buffer) releaseIfTransferred(this.#buffer)
    this.#buffer = undefined
  }
}

function cutShort(found: number, bytes: number): Error {
  return sharedMemoryError(`Only ${found} of ${bytes} bytes of shared memory could be read.`)
}

/**
 * How many runs a worker takes at once, each with its own lane: one computes while the feeds of the next are
 * written.
 */
export const runsPerWorker = 2

/** The memory of one run: a region for its feeds and one for its outputs. */
export class Lane {
  readonly input: Region
  readonly output: Region

  constructor(readonly index: number) {
    this.input = new Region()
    try {
      this.output = new Region()
    } catch (error) {
      this.input.close()
      throw error
    }
  }

  close(): void {
    this.input.close()
    this.output.close()
  }
}

/** Copies a model into a region that a process can inherit. */
export function copyModelToRegion({ program, params }: ModelBuffers): Region {
  const region = new Region()
  try {
    region.grow(program.byteLength + (params?.byteLength ?? 0))
    const bytes = new Uint8Array(region.buffer)
    bytes.set(program)
    if (params) bytes.set(params, program.byteLength)
    region.send(bytes)
    return region
  } catch (error) {
    region.close()
    throw error
  }
}

/** Describes a model in memory that a worker inherits under this descriptor. */
export function modelInMemory(
  buffers: ModelBuffers | undefined,
  descriptor: number | undefined,
): CreateRequest['memory'] {
  if (!buffers || descriptor === undefined) return null
  const { program, params } = buffers
  return { descriptor, programBytes: program.byteLength, paramsBytes: params?.byteLength ?? 0 }
}
