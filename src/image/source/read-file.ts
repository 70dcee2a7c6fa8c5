import { constants, type Stats } from 'node:fs'
import { open, readlink, stat, type FileHandle } from 'node:fs/promises'
import { codeOf, PaddleError, quoted } from '../../errors.js'
import { limitedMemory } from '../../out-of-memory.js'
import { unknownFormat } from '../decode/decode-errors.js'

/**
 * Opens an image file and returns it with its size in bytes.
 *
 * @throws PaddleError IMAGE_NOT_FOUND, IMAGE_UNREADABLE, IMAGE_TOO_LARGE
 */
export async function openFile(path: string): Promise<{ file: FileHandle; size: number }> {
  let file: FileHandle | undefined
  try {
    checkKind(path, await stat(path))
    // The path may refer to another file by now: opening a pipe without O_NONBLOCK would wait for a writer.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
    const stats = await file.stat()
    checkKind(path, stats)
    // Kernel files, some of which are endless, report a size of 0.
    checkBytes(path, stats.size)
    return { file, size: stats.size }
  } catch (error) {
    await file?.close()
    throw error instanceof PaddleError ? error : await notRead(path, error)
  }
}

/** Larger files have their signature checked before they are read as a whole. */
const looked = 2 ** 20

/** Reads the file to its end and closes it. @throws PaddleError IMAGE_UNREADABLE */
export async function readFile(path: string, file: FileHandle, size: number): Promise<Uint8Array> {
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

/**
 * @throws PaddleError IMAGE_UNREADABLE for anything but a regular file: reading a pipe might wait forever,
 * and a device has no end
 */
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

async function notRead(path: string, cause: unknown): Promise<PaddleError> {
  const limited = limitedMemory(`${path} cannot be read`, cause)
  if (limited) return limited
  const code = codeOf(cause)
  if (code === 'ERR_INVALID_ARG_VALUE' && path.includes('\0')) {
    const message = `There is no image at ${quoted(path)}: a path cannot contain a NUL character.`
    return new PaddleError('IMAGE_NOT_FOUND', message, {
      cause,
      advice: 'Check the path; a list of paths has one on each line, in UTF-8.',
    })
  }
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new PaddleError('IMAGE_NOT_FOUND', await notThere(path), { cause })
  }
  if (code === 'ELOOP') {
    return unreadable(`${path} is a link that refers to itself.\nGive the path of an image file.`, cause)
  }
  return unreadable(
    `${path} cannot be read (${code ?? 'unknown error'}).\nCheck that you have permission to read the file.`,
    cause,
  )
}

async function notThere(path: string): Promise<string> {
  if (path === '') return 'The path of the image is an empty string.\nPass the path of a file.'
  if (path.includes('\uFFFD')) {
    return (
      `There is no image at ${path}.\n` +
      'Rename it if its name is not UTF-8: the character � replaces bytes that could not be decoded.'
    )
  }
  const target = await readlink(path).catch(() => undefined)
  return target === undefined
    ? `There is no image at ${path}.\nCheck the path; a relative one starts at ${process.cwd()}.`
    : `${path} is a link to ${target}, which does not exist.\nCorrect the link.`
}

/** The most bytes of a file: what Node reads at once. */
export const mostBytes = 2 ** 31 - 1

/** @throws PaddleError IMAGE_UNREADABLE, IMAGE_TOO_LARGE */
export function checkBytes(name: string, bytes: number): void {
  if (bytes === 0) throw unreadable(`${name} is empty (0 bytes).\nReplace it with a whole image.`)
  if (bytes <= mostBytes) return
  throw new PaddleError('IMAGE_TOO_LARGE', `${name} has ${bytes} bytes, above the limit of ${mostBytes}.`, {
    advice: 'Make it smaller.',
  })
}

/** @throws PaddleError IMAGE_UNREADABLE unless the bytes begin with the signature of a supported format */
export function checkSignature(name: string, bytes: Uint8Array): void {
  const beginning = String.fromCharCode(...bytes.subarray(0, signatureBytes))
  if (!signatures.some((signature) => signature.test(beginning))) throw unknownFormat(name, beginning)
}

export function unreadable(message: string, cause?: unknown): PaddleError {
  return new PaddleError('IMAGE_UNREADABLE', message, { cause })
}

/** The bytes needed to recognise a format. */
export const signatureBytes = 18

/**
 * The signatures of the supported formats. Only these reach libvips, which also
 * accepts SVG, PDF and others; those are parsed as a whole just to find their size, and can refer to other
 * files.
 */
const signatures = [
  /^\xff\xd8\xff/, // JPEG
  /^\x89PNG\r\n[^]\n/,
  /^RIFF[^]{4}WEBP/,
  /^GIF8[79]a/,
  /^(II[*+]\0|MM\0[*+])/, // TIFF and BigTIFF
  /^[^]{4}ftyp(?:avi[fs]|mi[af]|msf1|hei|hev)/, // AVIF and HEIC
  /^BM[^]{12}[\f(48@l|]\0\0\0/, // BMP, by the size of its header
]
