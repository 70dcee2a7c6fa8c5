import { messageOf, PaddleError } from '../../errors.js'

/** The supported formats, by sharp's names. */
const formats: ReadonlySet<string> = new Set(['jpeg', 'png', 'webp', 'gif', 'tiff', 'heif'])
const formatNames = 'JPEG, PNG, WebP, GIF, TIFF or AVIF'

/** Raster formats only: vector formats are rendered by rules of their own, and can refer to other files. */
export function isReadable(format: string): boolean {
  return formats.has(format)
}

export function unknownFormat(name: string, cause?: unknown): PaddleError {
  return new PaddleError('IMAGE_UNREADABLE', `${name} cannot be decoded: it is not a ${formatNames} image.`, {
    cause,
    advice: 'Convert it to one of these formats.',
  })
}

/** Out-of-memory messages of V8, WebAssembly and libvips. */
const noMemory = /out of memory|memory size|buffer allocation failed|array length|would take/i

/** Sharp's errors have no code, and repeat their text line by line. */
export function decodeFailure(name: string, cause: unknown): PaddleError {
  const text = messageOf(cause)
  if (text.includes('unsupported image format')) return unknownFormat(name, cause)
  if (text.includes('compression format has not been built in')) {
    const message = `${name} cannot be decoded: HEIC is not supported, only AVIF.`
    return new PaddleError('IMAGE_UNREADABLE', message, {
      cause,
      advice: `Convert it to a ${formatNames} image.`,
    })
  }
  if (noMemory.test(text)) {
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
