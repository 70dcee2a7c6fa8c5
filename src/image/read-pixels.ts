import { PaddleError, wrongValue } from '../errors.js'
import type { Preprocessing, Size } from '../model/preprocessing.js'
import { decode, decodeResized } from './decode.js'
import { decodeFailure } from './decode-failure.js'
import { centredCrop, resizedSize } from './geometry.js'
import { readHeader } from './header.js'
import type { RgbImage } from './normalise.js'
import { pillowBilinear } from './pillow-bilinear.js'
import { readSource, sourceName, type ImageSource } from './read-source.js'

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
const defaultMaxPixels = 268_402_689

/**
 * An image as RGB, resized and cropped.
 *
 * The pixels are those that Pillow's `convert('RGB')` and `resize(…, BILINEAR)` give, up to rounding. Colour profiles are
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
  const file = await readHeader(name, await readSource(source), { autoOrient, maxPixels })
  const resized = resizedSize(file.size, resize)
  const part = { ...(crop ?? resized), ...cornerOf(name, resized, crop ?? resized) }
  try {
    if (isFastWayNear(file.size, resized, file.header.format)) return await decodeResized(file, resized, part)
    return await pillowBilinear(await decode(file), resized, part)
  } catch (error) {
    throw error instanceof PaddleError ? error : decodeFailure(name, error)
  }
}

/**
 * Whether libvips resizes nearly as Pillow does. It is several times faster than the exact arithmetic, but it computes
 * enlargements and slight reductions more coarsely, and from a reduction to a quarter on averages blocks first.
 *
 * A JPEG that is to be reduced that much is halved once to three times while it is decoded, which saves most of the time; the rest of
 * the way must then be long enough to even out what the halving has done.
 */
function isFastWayNear(from: Size, to: Size, format: string): boolean {
  const reductions = [from.width / to.width, from.height / to.height]
  if (reductions.every((reduction) => reduction === 1)) return true
  const least = Math.min(...reductions)
  const most = Math.max(...reductions)
  if (most < 4) return least >= 1.5
  const halved = least >= 16 ? 8 : least >= 8 ? 4 : 2
  return format === 'jpeg' && least / halved >= 2.7 && most / halved < 4
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
