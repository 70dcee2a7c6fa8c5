import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { availableMemory } from '../control-groups.js'
import { codeOf, messageOf, PaddleError } from '../errors.js'
import { loadKoffi } from '../load-koffi.js'
import { describeErrno, errorName, fileSize, lastError, libc, softLimit } from './libc.js'

const MFD_CLOEXEC = 1
const MFD_ALLOW_SEALING = 2
const F_ADD_SEALS = 1033
/**
 * F_SEAL_SEAL | F_SEAL_SHRINK: no process can truncate memory that another has mapped, or add seals that
 * would lock Node out.
 */
const SEALS = 1 | 2
/** FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE */
const PUNCH_HOLE = 1 | 2

/**
 * Memory is allocated in steps, so that a signal that interrupts a step does not restart the whole
 * allocation.
 */
const STEP = 4 * 2 ** 20

/** A descriptor of memory, and a function to close it. */
export interface Memory {
  readonly descriptor: number
  close(): void
}

/**
 * Creates memory without a path that child processes can inherit: `memfd_create(2)` on Linux, elsewhere a
 * private file that is unlinked at once.
 *
 * @throws PaddleError SHARED_MEMORY_FAILED
 */
export function createMemory(): Memory {
  const { memfdCreate, fcntl, close } = libc()
  if (!memfdCreate) return createUnlinkedFile()
  const descriptor = memfdCreate('paddle-ts', MFD_CLOEXEC | MFD_ALLOW_SEALING)
  if (descriptor < 0) throw notCreated(lastError())
  // Ignore kernels without seals: only a malfunctioning worker would truncate the memory.
  fcntl(descriptor, F_ADD_SEALS, 'int', SEALS)
  // Close through libc: Node warns about descriptors that it did not open, on a thread of its own.
  return { descriptor, close: () => void close(descriptor) }
}

/** The portable way to create memory without a path. */
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
 * Extends the memory of a descriptor from `from` to `to` bytes. The memory is reserved when this returns, so
 * that no later write can fail (`posix_fallocate(3)`, if the system has it). If not all of it is available,
 * none is kept.
 *
 * @throws PaddleError SHARED_MEMORY_FAILED
 */
export function allocateMemory(descriptor: number, from: number, to: number): void {
  const free = availableMemory()
  // The kernel would try, and kill processes to free memory before it failed.
  if (to - from > free) throw notAllocated(to, `: ${mebibytes(free)} are free`)
  const { posixFallocate, getrlimit } = libc()
  // Exceeding this limit does not only fail: the kernel ends the process with SIGXFSZ.
  if (to > softLimit(getrlimit, fileSize)) throw notAllocated(to, errnoSuffix('EFBIG'))
  if (!posixFallocate) {
    allocateByWriting(descriptor, from, to)
    return
  }
  for (let offset = from; offset < to; offset += STEP) {
    const length = Math.min(STEP, to - offset)
    const problem = withoutInterruption(() => posixFallocate(descriptor, offset, length))
    if (problem === 0) continue
    releaseMemory(descriptor, from, offset)
    throw notAllocated(to, errnoSuffix(errorName(problem)))
  }
}

/**
 * The fallback for systems without `posix_fallocate`. Extending a file only creates holes, and a write to a
 * hole crashes the process when the disk is full.
 */
export function allocateByWriting(descriptor: number, from: number, to: number): void {
  const zeros = new Uint8Array(Math.min(STEP, to - from))
  try {
    for (let offset = from; offset < to;) {
      offset += writeSync(descriptor, zeros, 0, Math.min(zeros.length, to - offset), offset)
    }
  } catch (error) {
    releaseMemory(descriptor, from, to)
    throw notAllocated(to, errnoSuffix(codeOf(error) ?? messageOf(error)), error)
  }
}

/**
 * Releases memory that was allocated but is not mapped. Sealed memory keeps its length; the released part is
 * a hole, which {@link allocateMemory} fills again.
 */
export function releaseMemory(descriptor: number, from: number, to: number): void {
  if (to <= from) return
  const { fallocate } = libc()
  if (fallocate) withoutInterruption(() => fallocate(descriptor, PUNCH_HOLE, from, to - from))
  else {
    try {
      ftruncateSync(descriptor, from)
    } catch {
      // The file is freed with its descriptor; the caller reports the original error.
    }
  }
}

/**
 * Retries a system call that a signal interrupted. The calls used here return the error number, or set it.
 */
function withoutInterruption(call: () => number): number {
  const { errno, os } = loadKoffi()
  for (;;) {
    const result = call()
    if ((result === -1 ? errno() : result) !== os.errno['EINTR']) return result
  }
}

function notAllocated(bytes: number, reason: string, cause?: unknown): PaddleError {
  return sharedMemoryError(
    `${mebibytes(bytes)} of shared memory could not be allocated${reason}.\n${smallerBatchAdvice}`,
    cause,
  )
}

function notCreated(reason: string, cause?: unknown): PaddleError {
  return new PaddleError('SHARED_MEMORY_FAILED', `No shared memory could be created (${reason}).`, {
    cause,
    advice: fewerFilesAdvice,
  })
}

/** The advice for a process that may open no more files. */
export const fewerFilesAdvice = {
  library: 'Close predictors that are not used, or raise the limit of open files (ulimit -n).',
  command: 'Use fewer workers (--workers), or raise the limit of open files (ulimit -n).',
}

export const smallerBatchAdvice =
  'Feed smaller batches, or free memory (in a container: raise its memory limit).'

/** The error in parentheses, with the limit that may cause it. */
export function errnoSuffix(error: string): string {
  return ` (${describeErrno(error, libc().getrlimit)})`
}

export function sharedMemoryError(message: string, cause?: unknown): PaddleError {
  return new PaddleError('SHARED_MEMORY_FAILED', message, { cause })
}

export function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`
}
