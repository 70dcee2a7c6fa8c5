import { loadKoffi } from '../load-koffi.js'

type Allocate = (descriptor: number, offset: number, length: number) => number

/** The functions of the C library that manage shared memory. */
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
  const library = loadKoffi().load(linux ? 'libc.so.6' : 'libSystem.B.dylib')
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

/** The name of the last call's error: `ENOMEM`. */
export function lastError(): string {
  return errorName(loadKoffi().errno())
}

/** The name of an error number, which some functions return. */
export function errorName(errno: number): string {
  const name = Object.entries(loadKoffi().os.errno).find(([, value]) => value === errno)?.[0]
  return name ?? `errno ${errno}`
}

/** A resource limit of a process that can affect memory. */
interface Limit {
  readonly number: number
  /** The shell command that sets it. */
  readonly option: string
}

const addressSpace = { number: process.platform === 'linux' ? 9 : 5, option: 'ulimit -v' }
/** The limit of file sizes, which also applies to regions. */
export const fileSize: Limit = { number: 1, option: 'ulimit -f' }

/** The limit that may cause an error. */
const behind: Readonly<Record<string, Limit>> = { EFBIG: fileSize, ENOMEM: addressSpace }

/** `getrlimit(2)`: writes the soft limit first. */
export type GetLimit = (resource: number, limits: BigUint64Array) => number

/** The soft limit in bytes; Infinity without a limit. */
export function softLimit(getLimit: GetLimit, { number }: Limit): number {
  const limits = new BigUint64Array(2)
  const [soft = 0n] = getLimit(number, limits) === 0 ? limits : []
  // "No limit" is the greatest possible number, or half of it.
  return soft === 0n || soft >= 2n ** 63n - 1n ? Infinity : Number(soft)
}

/** The name of the error, with the limit that may cause it: `EFBIG; ulimit -f is 1024 KiB`. */
export function describeErrno(reason: string, getLimit: GetLimit): string {
  const limit = behind[reason]
  const bytes = limit ? softLimit(getLimit, limit) : Infinity
  return limit && bytes !== Infinity ? `${reason}; ${limit.option} is ${bytes / 1024} KiB` : reason
}
