import pLimit from 'p-limit'
import { PaddleError, wrongValue } from '../errors.js'
import type { Preprocessing, Size } from '../model/preprocessing.js'
import { decode } from './decode.js'
import { decodeFailure } from './decode-failure.js'
import { centredCrop, resizedSize } from './geometry.js'
import { checkPixels, readHeader } from './header.js'
import { decodeJpeg, plainJpegSize } from './jpeg.js'
import type { RgbImage } from './normalise.js'
import { checkRoom, pillowBilinear, type Part } from './pillow-bilinear.js'
import { giveBack } from './pixel-buffers.js'
import { sourceName, withSource, type ImageSource } from './read-source.js'

/** How images are read. */
export interface ReadOptions {
  /**
   * Turn and mirror as the EXIF orientation says, as Pillow's `exif_transpose` and OpenCV do it.
   * @default true
   */
  readonly autoOrient?: boolean
  /**
   * The most pixels that an image may have. The default is sharp's own.
   * @default 268402689
   */
  readonly maxPixels?: number
}

/** sharp's own limit for an image (0x3FFF²). */
export const defaultMaxPixels = 268_402_689

/**
 * An image as RGB, resized and cropped.
 *
 * The pixels are those that Pillow's `convert('RGB')` and `resize(…, BILINEAR)` give, except that a JPEG that is to be reduced more than
 * five times is halved once to three times while it is decoded, as Pillow does after `draft()`. Colour profiles are
 * ignored and alpha is dropped, as Pillow does it; of an animation the first picture is taken.
 *
 * @throws PaddleError IMAGE_NOT_FOUND, IMAGE_UNREADABLE, IMAGE_TOO_LARGE, IMAGE_TOO_SMALL
 */
export async function readPixels(
  source: ImageSource,
  { resize, crop }: Pick<Preprocessing, 'resize' | 'crop'>,
  { autoOrient = true, maxPixels = defaultMaxPixels }: ReadOptions = {},
): Promise<RgbImage> {
  if (!(maxPixels > 0)) throw wrongValue('maxPixels', 'a positive number', maxPixels)
  const name = sourceName(source)
  const cut = (size: Size): { resized: Size; part: Part } => {
    checkPixels(name, size, maxPixels)
    const resized = resizedSize(size, resize)
    const part = { ...(crop ?? resized), ...cornerOf(name, resized, crop ?? resized) }
    checkRoom(size, resized, part)
    return { resized, part }
  }
  return withSource(source, async (bytes) => {
    try {
      return (await readPlainJpeg(bytes, autoOrient, cut)) ?? (await readAny(name, bytes, autoOrient, cut))
    } catch (error) {
      throw error instanceof PaddleError ? error : decodeFailure(name, error)
    }
  })
}

type Cut = (size: Size) => { resized: Size; part: Part }

/** Undefined for what is no such JPEG, or has anything wrong with it: whether that can be read, and what it is, sharp says. */
async function readPlainJpeg(
  bytes: Uint8Array,
  autoOrient: boolean,
  cut: Cut,
): Promise<RgbImage | undefined> {
  const size = plainJpegSize(bytes, autoOrient)
  if (!size) return undefined
  const { resized, part } = cut(size)
  return inTurn(size, async () => {
    const image = await decodeJpeg(bytes, size, resized)
    if (!image) return undefined
    try {
      return await pillowBilinear(image, resized, part)
    } finally {
      giveBack(image.data)
    }
  })
}

async function readAny(name: string, bytes: Uint8Array, autoOrient: boolean, cut: Cut): Promise<RgbImage> {
  const file = await readHeader(name, bytes, autoOrient)
  const { resized, part } = cut(file.size)
  return inTurn(file.size, async () => pillowBilinear(await decode(file), resized, part))
}

/** Images of more pixels are decoded one at a time, so that memory stays bounded. */
const large = 2 ** 26

const oneAtATime = pLimit(1)

function inTurn<T>({ width, height }: Size, decoding: () => Promise<T>): Promise<T> {
  return width * height > large ? oneAtATime(decoding) : decoding()
}

function cornerOf(name: string, resized: Size, crop: Size): { left: number; top: number } {
  const corner = centredCrop(resized, crop)
  if (corner) return corner
  throw new PaddleError(
    'IMAGE_TOO_SMALL',
    `${name} is ${resized.width} × ${resized.height} after resizing, too small for a crop of ` +
      `${crop.width} × ${crop.height}.\nResize to a larger size, or crop a smaller part.`,
  )
}
