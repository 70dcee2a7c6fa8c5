import { readFileSync } from 'node:fs'
import { codeOf, messageOf, PaddleError, shortMessageOf } from './errors.js'

/**
 * What programs say that get no memory: V8, WebAssembly, libvips and its decoders, the C++ library, the dynamic linker,
 * libgomp, OpenBLAS, Python, NumPy and paddle.
 */
const phrases = new RegExp(
  [
    'out of memory|(?:insufficient|not enough) memory|memory allocation|allocation failed|bad_alloc',
    "(?:can(?:no|')t|could not|unable to|fail(?:ed)? to) (?:alloc|grow)|MemoryError|ResourceExhausted",
    "failed to map segment|pthread_create failed|thread creation failed|can't start new thread",
  ].join('|'),
  'i',
)

/** Whether an error, or the output of a process, says that there was no more memory. */
export function isOutOfMemory(errorOrText: unknown): boolean {
  return codeOf(errorOrText) === 'ENOMEM' || phrases.test(messageOf(errorOrText))
}

/** The limit of the address space of this process, which its children inherit. */
interface AddressSpaceLimit {
  readonly bytes: number
  /** `ulimit -v is 1000000 KiB` */
  readonly text: string
}

/** Undefined without a limit, and elsewhere than on Linux. */
export function addressSpaceLimit(): AddressSpaceLimit | undefined {
  try {
    const [, limit] = /^Max address space +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
    const bytes = Number(limit)
    return limit === undefined ? undefined : { bytes, text: `ulimit -v is ${Math.floor(bytes / 1024)} KiB` }
  } catch {
    return undefined
  }
}

/** What to do about the limit. */
export const raiseLimit = 'Raise the limit (ulimit -v)'

/**
 * The error for work that got no memory because of a limit; undefined for any other cause.
 *
 * @param what - what failed: `a.jpg cannot be decoded`
 */
export function limitedMemory(what: string, cause: unknown): PaddleError | undefined {
  const limit = isOutOfMemory(cause) ? addressSpaceLimit() : undefined
  if (limit === undefined) return undefined
  const why = shortMessageOf(cause).replace(/[.:]$/, '')
  const message = `${what}: there is not enough memory (${why}; ${limit.text}).`
  return new PaddleError('OUT_OF_MEMORY', message, { cause, advice: `${raiseLimit}.` })
}
