import { messageOf, PaddleError } from '../../errors.js'
import { isGitLfsPointer } from '../../file-signatures.js'
import { isOutOfMemory, limitedMemory } from '../../out-of-memory.js'
import { otherFormat } from './other-formats.js'

/** The supported formats, by sharp's names. */
const formats: ReadonlySet<string> = new Set(['jpeg', 'png', 'webp', 'gif', 'tiff', 'heif'])
const formatNames = 'JPEG, PNG, WebP, GIF, TIFF, AVIF or BMP'

/** Raster formats only: vector formats are rendered by rules of their own, and can refer to other files. */
export function isReadable(format: string): boolean {
  return formats.has(format)
}

/** @param beginning - the first bytes of the file, in Latin-1 */
export function unknownFormat(name: string, beginning: string, cause?: unknown): PaddleError {
  if (isGitLfsPointer(beginning)) {
    const message = `${name} cannot be decoded: it is a pointer of Git LFS, not the image itself.`
    return new PaddleError('IMAGE_UNREADABLE', message, { cause, advice: 'Get the image: git lfs pull' })
  }
  const kind = otherFormat(beginning)
  if (kind !== undefined) return unsupportedKind(name, kind, cause)
  return new PaddleError('IMAGE_UNREADABLE', `${name} cannot be decoded: it is not a ${formatNames} image.`, {
    cause,
    advice: 'Convert it to one of these formats.',
  })
}

/** @param kind - with its article */
export function unsupportedKind(name: string, kind: string, cause?: unknown): PaddleError {
  const message = `${name} cannot be decoded: it is ${kind}, which is not supported.`
  return new PaddleError('IMAGE_UNREADABLE', message, {
    cause,
    advice: `Convert it to a ${formatNames} image.`,
  })
}

/** Sizes that no machine could provide. */
const tooMuch = /memory size|array length|would take/i

/** Sharp's errors have no code, and repeat their text line by line. */
export function decodeFailure(name: string, cause: unknown): PaddleError {
  const limited = limitedMemory(`${name} cannot be decoded`, cause)
  if (limited) return limited
  const text = messageOf(cause)
  if (text.includes('unsupported image format')) return unknownFormat(name, '', cause)
  if (text.includes('compression format has not been built in')) {
    const message = `${name} cannot be decoded: HEIC is not supported, only AVIF.`
    return new PaddleError('IMAGE_UNREADABLE', message, {
      cause,
      advice: `Convert it to a ${formatNames} image.`,
    })
  }
  if (tooMuch.test(text) || isOutOfMemory(text)) {
    const message = `${name} needs more memory than is available: ${shortened(text)}.`
    return new PaddleError('IMAGE_TOO_LARGE', message, { cause, advice: 'Make it smaller.' })
  }
  return new PaddleError('IMAGE_UNREADABLE', `${name} cannot be decoded: ${shortened(text)}.`, {
    cause,
    advice: 'The file is incomplete or damaged: replace it.',
  })
}

/**
 * Shortens `Input buffer has corrupt header: VipsJpeg: premature end of JPEG image⏎…` to
 * `premature end of JPEG image`.
 */
function shortened(text: string): string {
  const [line = ''] = text.split('\n')
  const reason = line
    .replace(/^Input (buffer|file) has corrupt header: */i, '')
    .replace(/^\w+: /, '')
    .replace(/[.:]$/, '')
  return reason === '' ? 'its header is damaged' : reason
}
