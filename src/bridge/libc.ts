import koffi from 'koffi'
import type { GetLimit } from './limits.js'

type Allocate = (descriptor: number, offset: number, length: number) => number

/** The functions of the C library that memory is made with. */
interface Libc {
  readonly memfdCreate: ((name: string, flags: number) => number) | undefined
  readonly fcntl: (descriptor: number, command: number, type: 'int', argument: number) => number
  readonly getrlimit: GetLimit
  readonly posixFallocate: Allocate | undefined
  readonly fallocate:
    ((descriptor: number, mode: number, offset: number, length: number) => number) | undefined
  readonly mmap: (
    at: unknown,
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

export function libc(): Libc {
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
    fallocate: linux
      ? library.func('int fallocate(int fd, int mode, int64_t offset, int64_t len)')
      : undefined,
    mmap: library.func('void *mmap(void *addr, size_t length, int prot, int flags, int fd, int64_t offset)'),
    munmap: library.func('int munmap(void *addr, size_t length)'),
    close: library.func('int close(int fd)'),
  }
  return loaded
}

/** The name of the error that the last call left: `ENOMEM`. */
export function lastError(): string {
  return errorName(koffi.errno())
}

/** The name of an error's number, which some functions return. */
export function errorName(errno: number): string {
  const name = Object.entries(koffi.os.errno).find(([, value]) => value === errno)?.[0]
  return name ?? `errno ${errno}`
}
