import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import koffi from 'koffi'
import { messageOf, PaddleError } from '../errors.js'

const MFD_CLOEXEC = 1
const PROT_READ_WRITE = 3
const MAP_SHARED = 1

interface Libc {
  readonly memfdCreate: ((name: string, flags: number) => number) | undefined
  readonly posixFallocate: ((descriptor: number, offset: number, length: number) => number) | undefined
  readonly mmap: (
    at: null,
    length: number,
    protection: number,
    flags: number,
    descriptor: number,
    offset: number,
  ) => unknown
  readonly munmap: (address: unknown, length: number) => number
}

let loaded: Libc | undefined

function libc(): Libc {
  if (loaded) return loaded
  const linux = process.platform === 'linux'
  const library = koffi.load(linux ? 'libc.so.6' : 'libSystem.B.dylib')
  loaded = {
    memfdCreate: linux ? library.func('int memfd_create(const char *name, unsigned int flags)') : undefined,
    posixFallocate: linux
      ? library.func('int posix_fallocate(int fd, int64_t offset, int64_t len)')
      : undefined,
    mmap: library.func('void *mmap(void *addr, size_t length, int prot, int flags, int fd, int64_t offset)'),
    munmap: library.func('int munmap(void *addr, size_t length)'),
  }
  return loaded
}

/**
 * A descriptor of memory that children can inherit and that no path leads to: `memfd_create(2)` on Linux, elsewhere a
 * private file that is unlinked at once.
 */
export function createMemory(): number {
  const { memfdCreate } = libc()
  if (memfdCreate) {
    const descriptor = memfdCreate('paddle-ts', MFD_CLOEXEC)
    if (descriptor >= 0) return descriptor
    throw new PaddleError(
      'SHARED_MEMORY_FAILED',
      `memfd_create failed (${systemError(koffi.errno())}).\n${remedy}`,
    )
  }
  return createUnlinkedFile()
}

/** The portable way to memory without a path. */
export function createUnlinkedFile(): number {
  try {
    const folder = mkdtempSync(join(tmpdir(), 'paddle-ts-'))
    try {
      return openSync(join(folder, 'region'), 'wx+', 0o600)
    } finally {
      rmSync(folder, { recursive: true })
    }
  } catch (error) {
    throw new PaddleError(
      'SHARED_MEMORY_FAILED',
      `No file for shared memory: ${messageOf(error)}\n${remedy}`,
      {
        cause: error,
      },
    )
  }
}

/**
 * Gives `bytes` of memory to a descriptor. They are really there when this returns, so that no later write can fail
 * (`posix_fallocate(3)`, where the system has it).
 */
export function allocateMemory(descriptor: number, bytes: number): void {
  const { posixFallocate } = libc()
  // The kernel would try, and end whole processes for want of memory before it gave up.
  if (bytes > process.availableMemory()) {
    throw new PaddleError(
      'SHARED_MEMORY_FAILED',
      `${mebibytes(bytes)} of shared memory could not be had: ${mebibytes(process.availableMemory())} are free.\n${remedy}`,
    )
  }
  if (!posixFallocate) {
    ftruncateSync(descriptor, bytes)
    return
  }
  const problem = posixFallocate(descriptor, 0, bytes)
  if (problem !== 0) {
    throw new PaddleError(
      'SHARED_MEMORY_FAILED',
      `${mebibytes(bytes)} of shared memory could not be had (${systemError(problem)}).\n${remedy}`,
    )
  }
}

const mapped = new FinalizationRegistry<{ address: unknown; bytes: number }>(({ address, bytes }) => {
  libc().munmap(address, bytes)
})

/**
 * Maps a descriptor's memory. It is unmapped only when nothing looks into the buffer any more: an array over unmapped memory
 * would end the process at its next touch.
 */
export function mapMemory(descriptor: number, bytes: number): ArrayBuffer {
  const address = libc().mmap(null, bytes, PROT_READ_WRITE, MAP_SHARED, descriptor, 0)
  if (koffi.address(address) === MAP_FAILED) {
    throw new PaddleError(
      'SHARED_MEMORY_FAILED',
      `${mebibytes(bytes)} of shared memory could not be mapped (${systemError(koffi.errno())}).\n${remedy}`,
    )
  }
  const buffer = koffi.view(address, bytes)
  mapped.register(buffer, { address, bytes })
  return buffer
}

export function closeMemory(descriptor: number): void {
  closeSync(descriptor)
}

const MAP_FAILED = 2n ** 64n - 1n

const remedy = 'Feed smaller batches, or free memory (in a container: raise its memory limit).'

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`
}

function systemError(errno: number): string {
  const name = Object.entries(koffi.os.errno).find(([, value]) => value === errno)?.[0]
  return name ?? `errno ${errno}`
}
