import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import koffi from 'koffi'
import { codeOf, messageOf, PaddleError } from '../errors.js'
import { bytesAllowed, fileSize, withLimit, type GetLimit } from './limits.js'

const MFD_CLOEXEC = 1
const MFD_ALLOW_SEALING = 2
const F_ADD_SEALS = 1033
/** F_SEAL_SEAL | F_SEAL_SHRINK: nobody can cut memory off that another has mapped, nor add seals that would lock Node out. */
const SEALS = 1 | 2
const PROT_READ_WRITE = 3
const MAP_SHARED = 1
const MAP_FAILED = 2n ** 64n - 1n

/** Memory is taken in steps, so that a signal that interrupts one does not start all over. */
const STEP = 4 * 2 ** 20

type Allocate = (descriptor: number, offset: number, length: number) => number

interface Libc {
  readonly memfdCreate: ((name: string, flags: number) => number) | undefined
  readonly fcntl: (descriptor: number, command: number, type: 'int', argument: number) => number
  readonly getrlimit: GetLimit
  readonly posixFallocate: Allocate | undefined
  readonly mmap: (
    at: null,
    length: number,
    protection: number,
    flags: number,
    descriptor: number,
    offset: number,
  ) => unknown
  readonly munmap: (address: unknown, length: number) => number
  readonly close: (descriptor: number) => number
}

let loaded: Libc | undefined

function libc(): Libc {
  if (loaded) return loaded
  const linux = process.platform === 'linux'
  const library = koffi.load(linux ? 'libc.so.6' : 'libSystem.B.dylib')
  loaded = {
    memfdCreate: linux ? library.func('int memfd_create(const char *name, unsigned int flags)') : undefined,
    fcntl: library.func('int fcntl(int fd, int cmd, ...)') as Libc['fcntl'],
    getrlimit: library.func('int getrlimit(int resource, void *limits)') as GetLimit,
    posixFallocate: linux
      ? library.func('int posix_fallocate(int fd, int64_t offset, int64_t len)')
      : undefined,
    mmap: library.func('void *mmap(void *addr, size_t length, int prot, int flags, int fd, int64_t offset)'),
    munmap: library.func('int munmap(void *addr, size_t length)'),
    close: library.func('int close(int fd)'),
  }
  return loaded
}

/** A descriptor of memory, and how it is closed. */
export interface Memory {
  readonly descriptor: number
  close(): void
}

/**
 * Memory that children can inherit and that no path leads to: `memfd_create(2)` on Linux, elsewhere a private file that is
 * unlinked at once.
 *
 * @throws PaddleError SHARED_MEMORY_FAILED
 */
export function createMemory(): Memory {
  const { memfdCreate, fcntl, close } = libc()
  if (!memfdCreate) return createUnlinkedFile()
  const descriptor = memfdCreate('paddle-ts', MFD_CLOEXEC | MFD_ALLOW_SEALING)
  if (descriptor < 0) throw notCreated(systemError(koffi.errno()))
  // A kernel that cannot seal is no reason to do without: only a worker gone astray would cut memory off.
  fcntl(descriptor, F_ADD_SEALS, 'int', SEALS)
  // By libc itself: Node, in a thread of its own, complains of descriptors that it has not opened.
  return { descriptor, close: () => void close(descriptor) }
}

/** The portable way to memory without a path. */
export function createUnlinkedFile(place = tmpdir()): Memory {
  try {
    const folder = mkdtempSync(join(place, 'paddle-ts-'))
    try {
      const descriptor = openSync(join(folder, 'region'), 'wx+', 0o600)
      return {
        descriptor,
        close: () => {
          closeSync(descriptor)
        },
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  } catch (error) {
    throw notCreated(messageOf(error), error)
  }
}

/**
 * Has a descriptor's memory reach from `from` to `to` bytes. It is really there when this returns, so that no later write
 * can fail (`posix_fallocate(3)`, where the system has it).
 *
 * @throws PaddleError SHARED_MEMORY_FAILED
 */
export function allocateMemory(descriptor: number, from: number, to: number): void {
  const free = process.availableMemory()
  // The kernel would try, and end whole processes for want of memory before it gave up.
  if (to - from > free) throw notAllocated(to, `: ${mebibytes(free)} are free`)
  const { posixFallocate, getrlimit } = libc()
  // Going beyond it would not only fail: the kernel ends the process with SIGXFSZ.
  if (to > bytesAllowed(getrlimit, fileSize)) throw notAllocated(to, whyNot('EFBIG'))
  if (!posixFallocate) {
    allocateByWriting(descriptor, from, to)
    return
  }
  for (let offset = from; offset < to; offset += STEP) {
    const problem = allocateStep(posixFallocate, descriptor, offset, Math.min(STEP, to - offset))
    if (problem !== 0) throw notAllocated(to, whyNot(systemError(problem)))
  }
}

/**
 * The same where the system has no `posix_fallocate`: a file that is only made longer has holes, and a write into one ends the process
 * when the disk is full.
 */
export function allocateByWriting(descriptor: number, from: number, to: number): void {
  const zeros = new Uint8Array(Math.min(STEP, to - from))
  try {
    for (let offset = from; offset < to;) {
      offset += writeSync(descriptor, zeros, 0, Math.min(zeros.length, to - offset), offset)
    }
  } catch (error) {
    throw notAllocated(to, whyNot(codeOf(error) ?? messageOf(error)), error)
  }
}

function allocateStep(allocate: Allocate, descriptor: number, offset: number, length: number): number {
  const interrupted = koffi.os.errno['EINTR']
  let problem
  do problem = allocate(descriptor, offset, length)
  while (problem === interrupted)
  return problem
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
    const reason = whyNot(systemError(koffi.errno()))
    throw failed(`${mebibytes(bytes)} of shared memory could not be mapped${reason}.\n${feedLess}`)
  }
  const buffer = koffi.view(address, bytes)
  mapped.register(buffer, { address, bytes })
  return buffer
}

const feedLess = 'Feed smaller batches, or free memory (in a container: raise its memory limit).'

function notAllocated(bytes: number, reason: string, cause?: unknown): PaddleError {
  return failed(`${mebibytes(bytes)} of shared memory could not be had${reason}.\n${feedLess}`, cause)
}

/** The system's reason, with the limit that stands behind it. */
function whyNot(reason: string): string {
  return ` (${withLimit(reason, libc().getrlimit)})`
}

function notCreated(reason: string, cause?: unknown): PaddleError {
  return failed(
    `No shared memory could be created (${reason}).\n` +
      'Close predictors that are not used, or raise the limit of open files (ulimit -n).',
    cause,
  )
}

function failed(message: string, cause?: unknown): PaddleError {
  return new PaddleError('SHARED_MEMORY_FAILED', message, { cause })
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`
}

function systemError(errno: number): string {
  const name = Object.entries(koffi.os.errno).find(([, value]) => value === errno)?.[0]
  return name ?? `errno ${errno}`
}
