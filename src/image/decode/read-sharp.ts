import type { Sharp } from 'sharp'
import { messageOf, PaddleError } from '../../errors.js'
import type { RgbImage } from '../preprocess/normalise.js'
import { decodeFailure } from './decode-errors.js'
import { rawToRgb } from './raw-pixels.js'

/**
 * Reads the output of a sharp instance, after all its operations, as 8-bit RGB; of an animation the first
 * frame. The instance itself remains unchanged and usable.
 *
 * @throws PaddleError IMAGE_NOT_FOUND, IMAGE_UNREADABLE, IMAGE_TOO_LARGE
 */
export async function readSharp(name: string, image: Sharp): Promise<RgbImage> {
  try {
    const { data, info } = await image
      .clone()
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true })
    const { width, channels, pageHeight: height = info.height } = info as typeof info & PageHeight
    return await rawToRgb({ data: data.subarray(0, width * height * channels), width, height, channels })
  } catch (error) {
    throw failure(name, error)
  }
}

/** Missing in sharp's types: the frames of an animation are stacked vertically. */
interface PageHeight {
  readonly pageHeight?: number
}

function failure(name: string, cause: unknown): PaddleError {
  const text = messageOf(cause)
  if (!text.startsWith('Input file is missing')) return decodeFailure(name, cause)
  const message = `${name} has no image: ${text}.\nCheck the path that was passed to sharp.`
  return new PaddleError('IMAGE_NOT_FOUND', message, { cause })
}
