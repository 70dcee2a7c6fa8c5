import { constants, type Stats } from 'node:fs'
import { open, readlink, stat, type FileHandle } from 'node:fs/promises'
import pLimit from 'p-limit'
import { codeOf, PaddleError, wrongType } from '../errors.js'
import { arrayTypeOf } from '../tensor/index.js'
import { unknownFormat } from './decode-failure.js'
import { hasImageSignature, signatureBytes } from './signature.js'

/** The path of an image file, or the bytes of one. */
export type ImageSource = string | Uint8Array

/** How messages name a source. */
export function sourceName(source: ImageSource): string {
  return typeof source === 'string' ? source : `The image (${source.length} bytes)`
}

/** The most bytes that a file may have: what Node reads at once. */
const mostBytes = 2 ** 31 - 1

/** Files of more bytes are worked on one at a time, so that memory stays bounded. */
const large = 2 ** 26

const oneAtATime = pLimit(1)

/**
 * Hands `use` the bytes of an image file, in memory that nobody else changes: what is given as bytes is copied. It is decoded in threads,
 * and the caller's memory may be shrunk or sent away meanwhile, which would end the process.
 *
 * @throws PaddleError IMAGE_NOT_FOUND, IMAGE_UNREADABLE, IMAGE_TOO_LARGE; what `use` throws
 * @throws TypeError when the source is neither a path nor bytes
 */
export async function withSource<T>(source: ImageSource, use: (bytes: Uint8Array) => Promise<T>): Promise<T> {
  if (typeof source === 'string') return withFile(source, use)
  // Buffers of another realm are no instances of this one's class.
  if (arrayTypeOf(source) !== 'Uint8Array') throw wrongType('image', 'a path or a Uint8Array', source)
  const name = sourceName(source)
  checkSize(name, source.length)
  checkSignature(name, source)
  const bytes = new Uint8Array(source)
  return bytes.length > large ? oneAtATime(() => use(bytes)) : use(bytes)
}

async function withFile<T>(path: string, use: (bytes: Uint8Array) => Promise<T>): Promise<T> {
  const { file, size } = await openFile(path)
  if (size <= large) return use(await readFile(path, file, size))
  return oneAtATime(async () => use(await readFile(path, file, size)))
}

async function openFile(path: string): Promise<{ file: FileHandle; size: number }> {
  let file: FileHandle | undefined
  try {
    checkKind(path, await stat(path))
    // It may be another file by now: opening a pipe would wait for whoever writes to it.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
    const stats = await file.stat()
    checkKind(path, stats)
    // Files of the kernel, some of which have no end, say that they have no bytes.
    checkSize(path, stats.size)
    return { file, size: stats.size }
  } catch (error) {
    await file?.close()
    throw error instanceof PaddleError ? error : await notRead(path, error)
  }
}

/** A large file that is no image is not read as a whole. */
const looked = 2 ** 20

async function readFile(path: string, file: FileHandle, size: number): Promise<Uint8Array> {
  try {
    if (size > looked) {
      const { buffer } = await file.read({ buffer: new Uint8Array(signatureBytes), position: 0 })
      checkSignature(path, buffer)
    }
    const bytes = await file.readFile()
    checkSignature(path, bytes)
    return bytes
  } catch (error) {
    throw error instanceof PaddleError ? error : await notRead(path, error)
  } finally {
    await file.close()
  }
}

function checkSignature(name: string, bytes: Uint8Array): void {
  if (!hasImageSignature(bytes)) throw unknownFormat(name)
}

/** @throws PaddleError IMAGE_UNREADABLE for what is no file: nobody might ever write into a pipe, and a device has no end */
function checkKind(path: string, stats: Stats): void {
  if (stats.isFile()) return
  const kind = stats.isDirectory()
    ? 'a folder'
    : stats.isFIFO()
      ? 'a pipe'
      : stats.isSocket()
        ? 'a socket'
        : 'a device'
  throw unreadable(`${path} is ${kind}, not an image file.\nGive the path of an image file.`)
}

function checkSize(name: string, bytes: number): void {
  if (bytes === 0) throw unreadable(`${name} is empty (0 bytes).\nReplace it with a whole image.`)
  if (bytes <= mostBytes) return
  throw new PaddleError(
    'IMAGE_TOO_LARGE',
    `${name} has ${bytes} bytes, above the limit of ${mostBytes}.\nMake it smaller.`,
  )
}

function unreadable(message: string, cause?: unknown): PaddleError {
  return new PaddleError('IMAGE_UNREADABLE', message, { cause })
}

async function notRead(path: string, cause: unknown): Promise<PaddleError> {
  const code = codeOf(cause)
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new PaddleError('IMAGE_NOT_FOUND', await notThere(path), { cause })
  }
  if (code === 'ELOOP') {
    return unreadable(`${path} is a link that leads back to itself.\nGive the path of an image file.`, cause)
  }
  return unreadable(
    `${path} cannot be read (${code ?? 'unknown error'}).\nCheck that it is a file that you may read.`,
    cause,
  )
}

async function notThere(path: string): Promise<string> {
  if (path.includes('\uFFFD')) {
    return (
      `There is no image at ${path}.\n` +
      'Rename it if its name is not UTF-8: the sign � stands where bytes could not be read as text.'
    )
  }
  const target = await readlink(path).catch(() => undefined)
  return target === undefined
    ? `There is no image at ${path}.\nCheck the path; a relative one starts at ${process.cwd()}.`
    : `${path} is a link to ${target}, which is not there.\nCorrect the link.`
}
