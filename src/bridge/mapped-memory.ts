import { messageOf } from '../errors.js'
import { loadKoffi } from '../load-koffi.js'
import { lastError, libc } from './libc.js'
import { errnoSuffix, mebibytes, sharedMemoryError, smallerBatchAdvice } from './shared-memory.js'

const PROT_READ_WRITE = 3
const MAP_SHARED = 1
const MAP_PRIVATE = 2
const MAP_FIXED = 0x10
const MAP_FAILED = 2n ** 64n - 1n
// These values differ between Linux and macOS.
const [MAP_ANONYMOUS, MAP_NORESERVE] = process.platform === 'linux' ? [0x20, 0x4000] : [0x1000, 0x40]

interface Mapping {
  readonly address: unknown
  readonly bytes: number
  /** Whether user code had access to the buffer and may have transferred it. */
  isExposed: boolean
}

const mappings = new WeakMap<ArrayBufferLike, Mapping>()

/**
 * Unmaps the memory of a collected buffer. An exposed buffer keeps its addresses, because it may have been
 * transferred (`buffer.transfer()`, a byte stream's `enqueue`), and access to unmapped addresses would crash
 * the process. Its addresses are mapped to anonymous memory, which takes space only where it is written.
 */
const collected = new FinalizationRegistry<Mapping>(({ address, bytes, isExposed }) => {
  if (isExposed) {
    const flags = MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS | MAP_NORESERVE
    libc().mmap(address, bytes, PROT_READ_WRITE, flags, -1, 0)
  } else libc().munmap(address, bytes)
})

/** Electron allows no buffers over memory that its JavaScript engine did not allocate. */
let allowsViews = true

/**
 * Maps the memory of a descriptor. It stays mapped as long as anything references the buffer.
 *
 * @returns undefined if the runtime does not allow buffers over such memory
 * @throws PaddleError SHARED_MEMORY_FAILED
 */
export function mapMemory(descriptor: number, bytes: number): ArrayBuffer | undefined {
  if (!allowsViews) return undefined
  const koffi = loadKoffi()
  const address = libc().mmap(null, bytes, PROT_READ_WRITE, MAP_SHARED, descriptor, 0)
  if (koffi.address(address) === MAP_FAILED) {
    const reason = errnoSuffix(lastError())
    throw sharedMemoryError(
      `${mebibytes(bytes)} of shared memory could not be mapped${reason}.\n${smallerBatchAdvice}`,
    )
  }
  const buffer = viewOf(address, bytes)
  if (!buffer) return undefined
  const mapping = { address, bytes, isExposed: false }
  mappings.set(buffer, mapping)
  collected.register(buffer, mapping, buffer)
  return buffer
}

function viewOf(address: unknown, bytes: number): ArrayBuffer | undefined {
  try {
    return loadKoffi().view(address, bytes)
  } catch (error) {
    libc().munmap(address, bytes)
    // koffi's words for the status napi_no_external_buffers_allowed.
    if (!messageOf(error).includes('external buffers')) throw error
    allowsViews = false
    return undefined
  }
}

/** Records that a mapped buffer is exposed to code that may transfer it. */
export function markExposed(buffer: ArrayBufferLike): void {
  const mapping = mappings.get(buffer)
  if (mapping) mapping.isExposed = true
}

/**
 * Whether a mapped buffer was transferred and so has no elements. If so, its memory stays mapped until this
 * process ends, because the collection of its new owner cannot be observed.
 */
export function releaseIfTransferred(buffer: ArrayBufferLike): boolean {
  if (buffer.byteLength > 0) return false
  collected.unregister(buffer)
  return true
}
