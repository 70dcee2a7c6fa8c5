import pLimit from 'p-limit'
import { beginningOf, messageOf, wrongType } from '../../errors.js'
import { filePath } from '../../file-url.js'
import { limitedMemory } from '../../out-of-memory.js'
import { webUrlOf } from '../../web-url.js'
import { checkRawPixels, rawToRgb } from '../decode/raw-pixels.js'
import { readSharp } from '../decode/read-sharp.js'
import type { RgbImage } from '../preprocess/normalise.js'
import type { ReadOptions } from '../read-options.js'
import {
  bytesOf,
  isBlob,
  isRawPixels,
  isSharp,
  isStream,
  isUrl,
  isUrlText,
  sourceKinds,
  withChannels,
  type ImageBlob,
  type ImageSource,
  type ImageStream,
} from './image-source.js'
import { KeptDownload, openUrl } from './open-url.js'
import { checkBytes, checkSignature, openFile, readFile, unreadable } from './read-file.js'
import { readStream } from './read-stream.js'

/** The name of a source in messages and results. */
export function sourceName(source: ImageSource): string {
  if (typeof source === 'string') return isUrlText(source) ? urlName(source) : source
  if (isUrl(source)) return urlName(source.href)
  const bytes = bytesOf(source)
  if (bytes) return bytesName(bytes.length)
  if (isBlob(source)) return 'name' in source ? String(source.name) : bytesName(source.size)
  if (isSharp(source)) return 'The sharp image'
  if (source instanceof KeptDownload) return source.text
  if (isRawPixels(source)) return `The image of ${source.width} × ${source.height} pixels`
  return 'The image of a stream'
}

/** How to read a source. */
interface SourceOptions extends Pick<ReadOptions, 'allowUrls'> {
  readonly signal?: AbortSignal | undefined
}

function urlName(url: string): string {
  return filePath(url) ?? (url.length > shownOfUrl ? `${beginningOf(url, shownOfUrl)}…` : url)
}

/** A `data:` URL can have millions of characters. */
const shownOfUrl = 64

function bytesName(bytes: number): string {
  return bytes === 0 ? 'The image' : `The image (${bytes} bytes)`
}

/** Larger files are processed one at a time. */
const inTurn = serializeAbove(2 ** 26)

/**
 * Passes on the contents of an image, in memory that nobody else changes: in-memory sources are copied.
 * Threads decode it, and shrinking or transferring the caller's memory meanwhile would crash the process.
 *
 * @param fromBytes - receives the bytes of an image file
 * @param fromPixels - receives decoded pixels (raw pixels, a sharp instance)
 * @param options.signal - stops reading a stream or a download
 * @param options.allowUrls - whether and how to download images
 * @throws PaddleError IMAGE_NOT_FOUND, IMAGE_UNREADABLE, IMAGE_TOO_LARGE, DOWNLOAD_REFUSED, DOWNLOAD_FAILED;
 * what `fromBytes` and `fromPixels` throw
 * @throws TypeError or RangeError if the source is not an image source
 */
export async function withSource<T>(
  source: ImageSource,
  fromBytes: (bytes: Uint8Array) => Promise<T>,
  fromPixels: (image: RgbImage) => Promise<T>,
  { signal, allowUrls = false }: SourceOptions = {},
): Promise<T> {
  const fromStream = async (stream: ImageStream): Promise<T> => {
    const bytes = await readStream(sourceName(source), stream, { signal })
    return inTurn(bytes.length, () => fromBytes(bytes))
  }
  const url = webUrlOf(source)
  if (url) return fromStream(await openUrl(url, allowUrls, signal))
  if (typeof source === 'string' && !isUrlText(source)) return withFile(source, fromBytes)
  if (typeof source === 'string' || isUrl(source)) {
    const text = typeof source === 'string' ? source : source.href
    return /^data:/i.test(text)
      ? withOwn(urlName(text), await readDataUrl(text), fromBytes)
      : withFile(pathOf(text), fromBytes)
  }
  const name = sourceName(source)
  const given = bytesOf(source)
  if (given) {
    checkBytes(name, given.length)
    checkSignature(name, given)
    const bytes = new Uint8Array(given)
    return inTurn(bytes.length, () => fromBytes(bytes))
  }
  if (isBlob(source)) return withOwn(name, await readBlob(name, source), fromBytes)
  if (isSharp(source)) return fromPixels(await readSharp(name, source))
  if (source instanceof KeptDownload) return fromStream(source.open(signal))
  if (isStream(source)) return fromStream(source)
  if (!isRawPixels(source)) throw wrongType('image', sourceKinds, source)
  const pixels = withChannels(source)
  checkRawPixels(pixels)
  return fromPixels(await rawToRgb(pixels))
}

/** @param bytes - in memory that nobody else changes */
async function withOwn<T>(
  name: string,
  bytes: Uint8Array,
  use: (bytes: Uint8Array) => Promise<T>,
): Promise<T> {
  checkBytes(name, bytes.length)
  checkSignature(name, bytes)
  return inTurn(bytes.length, () => use(bytes))
}

async function readBlob(name: string, blob: ImageBlob): Promise<Uint8Array> {
  checkBytes(name, blob.size)
  try {
    return new Uint8Array(await blob.arrayBuffer())
  } catch (error) {
    // The file of a Blob that Node opened may have changed.
    throw (
      limitedMemory(`${name} cannot be read`, error) ??
      unreadable(`${name} cannot be read: ${messageOf(error)}.\nPass a Blob that can be read.`, error)
    )
  }
}

/** Node's `fetch` implements the standard's parser of such URLs; it opens no connection for them. */
async function readDataUrl(url: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await (await fetch(url)).arrayBuffer())
  } catch (error) {
    throw (
      limitedMemory(`${urlName(url)} cannot be read`, error) ??
      unreadable(
        `${urlName(url)} cannot be read: it is not a valid data: URL.\nWrite it as data:image/png;base64,… with the bytes of an image file.`,
        error,
      )
    )
  }
}

async function withFile<T>(path: string, use: (bytes: Uint8Array) => Promise<T>): Promise<T> {
  const { file, size } = await openFile(path)
  return inTurn(size, async () => use(await readFile(path, file, size)))
}

const expectedUrl =
  'a path, a data: URL, a file: URL on this machine, an http: or https: URL, or for any other URL its contents,'

/** @throws TypeError for anything but a file on this machine */
function pathOf(url: string): string {
  const path = filePath(url)
  if (path !== undefined) return path
  throw wrongType('image', expectedUrl, URL.canParse(url) ? new URL(url) : url)
}

/**
 * Returns a function that runs work larger than `most` one at a time, which bounds memory, and all other work
 * at once.
 */
export function serializeAbove(most: number): <T>(size: number, work: () => Promise<T>) => Promise<T> {
  const oneAtATime = pLimit(1)
  return (size, work) => (size > most ? oneAtATime(work) : work())
}
