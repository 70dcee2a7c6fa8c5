import { fileURLToPath } from 'node:url'
import pLimit from 'p-limit'
import { wrongType } from '../../errors.js'
import { checkRawPixels, rawToRgb } from '../decode/raw-pixels.js'
import { readSharp } from '../decode/read-sharp.js'
import type { RgbImage } from '../preprocess/normalise.js'
import {
  isBytes,
  isRawPixels,
  isSharp,
  isStream,
  isUrl,
  sourceKinds,
  type ImageSource,
} from './image-source.js'
import { checkBytes, checkSignature, openFile, readFile } from './read-file.js'
import { readStream } from './read-stream.js'

/** The name of a source in messages. */
export function sourceName(source: ImageSource): string {
  if (typeof source === 'string') return source
  if (isUrl(source)) return source.protocol === 'file:' ? pathOf(source) : source.href
  if (isBytes(source)) return source.length === 0 ? 'The image' : `The image (${source.length} bytes)`
  if (isSharp(source)) return 'The sharp image'
  if (isRawPixels(source)) return `The image of ${source.width} × ${source.height} pixels`
  return 'The image of a stream'
}

/** Larger files are processed one at a time. */
const inTurn = serializeAbove(2 ** 26)

/**
 * Passes on the contents of an image, in memory that nobody else changes: in-memory sources are copied.
 * Threads decode it, and shrinking or transferring the caller's memory meanwhile would crash the process.
 *
 * @param fromBytes - receives the bytes of an image file
 * @param fromPixels - receives decoded pixels (raw pixels, a sharp instance)
 * @param signal - stops reading a stream
 * @throws PaddleError IMAGE_NOT_FOUND, IMAGE_UNREADABLE, IMAGE_TOO_LARGE; what `fromBytes` and `fromPixels`
 * throw
 * @throws TypeError or RangeError if the source is not an image source
 */
export async function withSource<T>(
  source: ImageSource,
  fromBytes: (bytes: Uint8Array) => Promise<T>,
  fromPixels: (image: RgbImage) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  if (typeof source === 'string') return withFile(source, fromBytes)
  if (isUrl(source)) return withFile(pathOf(source), fromBytes)
  const name = sourceName(source)
  if (isBytes(source)) {
    checkBytes(name, source.length)
    checkSignature(name, source)
    const bytes = new Uint8Array(source)
    return inTurn(bytes.length, () => fromBytes(bytes))
  }
  if (isSharp(source)) return fromPixels(await readSharp(name, source))
  if (isStream(source)) {
    const bytes = await readStream(name, source, { signal })
    return inTurn(bytes.length, () => fromBytes(bytes))
  }
  if (!isRawPixels(source)) throw wrongType('image', sourceKinds, source)
  checkRawPixels(source)
  return fromPixels(await rawToRgb(source))
}

async function withFile<T>(path: string, use: (bytes: Uint8Array) => Promise<T>): Promise<T> {
  const { file, size } = await openFile(path)
  return inTurn(size, async () => use(await readFile(path, file, size)))
}

/** A stream is another image source. */
const expectedUrl =
  'a path, a file: URL on this machine, or for any other URL its contents, `(await fetch(url)).body`,'

/** @throws TypeError for anything but a file on this machine: URLs are not fetched */
function pathOf(url: URL): string {
  try {
    if (url.protocol === 'file:') return fileURLToPath(url)
  } catch {
    // The URL has another host, or is not a valid path.
  }
  throw wrongType('image', expectedUrl, url)
}

/**
 * Returns a function that runs work larger than `most` one at a time, which bounds memory, and all other work
 * at once.
 */
export function serializeAbove(most: number): <T>(size: number, work: () => Promise<T>) => Promise<T> {
  const oneAtATime = pLimit(1)
  return (size, work) => (size > most ? oneAtATime(work) : work())
}
