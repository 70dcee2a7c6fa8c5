import { fileURLToPath } from 'node:url'
import pLimit from 'p-limit'
import { wrongType } from '../../errors.js'
import { webUrlOf } from '../../web-url.js'
import { checkRawPixels, rawToRgb } from '../decode/raw-pixels.js'
import { readSharp } from '../decode/read-sharp.js'
import type { RgbImage } from '../preprocess/normalise.js'
import type { ReadOptions } from '../read-options.js'
import {
  isBytes,
  isRawPixels,
  isSharp,
  isStream,
  isUrl,
  sourceKinds,
  type ImageSource,
} from './image-source.js'
import { openUrl } from './open-url.js'
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

/** How to read a source. */
interface SourceOptions extends Pick<ReadOptions, 'allowUrls'> {
  readonly signal?: AbortSignal | undefined
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
  const url = webUrlOf(source)
  if (url) {
    const bytes = await readStream(sourceName(source), await openUrl(url, allowUrls, signal), { signal })
    return inTurn(bytes.length, () => fromBytes(bytes))
  }
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

const expectedUrl =
  'a path, a file: URL on this machine, an http: or https: URL, or for any other URL its contents,'

/** @throws TypeError for anything but a file on this machine */
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
