import type { Stats } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { codeOf, PaddleError, wrongType } from '../errors.js'

/** The path of an image file, or the bytes of one. */
export type ImageSource = string | Uint8Array

/** How messages name a source. */
export function sourceName(source: ImageSource): string {
  return typeof source === 'string' ? source : `The image (${source.length} bytes)`
}

/**
 * The bytes of an image file.
 *
 * @throws PaddleError IMAGE_NOT_FOUND, IMAGE_UNREADABLE
 * @throws TypeError when the source is neither a path nor bytes
 */
export async function readSource(source: ImageSource): Promise<Uint8Array> {
  const bytes = typeof source === 'string' ? await readPath(source) : source
  // Buffers of another realm are no instances of this one's class.
  if (!ArrayBuffer.isView(bytes)) throw wrongType('image', 'a path or a Uint8Array', source)
  if (bytes.byteLength === 0) {
    throw new PaddleError(
      'IMAGE_UNREADABLE',
      `${sourceName(source)} is empty (0 bytes).\nReplace it with a whole image.`,
    )
  }
  return bytes
}

async function readPath(path: string): Promise<Uint8Array> {
  try {
    const kind = otherKind(await stat(path))
    if (kind === undefined) return await readFile(path)
    throw new PaddleError(
      'IMAGE_UNREADABLE',
      `${path} is ${kind}, not an image file.\nGive the path of an image file.`,
    )
  } catch (error) {
    throw error instanceof PaddleError ? error : asPaddleError(path, error)
  }
}

/** What it is if it is no file: nobody might ever write into a pipe, and a device has no end. */
function otherKind(stats: Stats): string | undefined {
  if (stats.isFile()) return undefined
  if (stats.isDirectory()) return 'a folder'
  if (stats.isFIFO()) return 'a pipe'
  return stats.isSocket() ? 'a socket' : 'a device'
}

function asPaddleError(path: string, cause: unknown): PaddleError {
  const code = codeOf(cause)
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    const message = `There is no image at ${path}.\nCheck the path; a relative one starts at ${process.cwd()}.`
    return new PaddleError('IMAGE_NOT_FOUND', message, { cause })
  }
  const message = `${path} cannot be read (${code ?? 'unknown error'}).\nCheck that it is a file that you may read.`
  return new PaddleError('IMAGE_UNREADABLE', message, { cause })
}
