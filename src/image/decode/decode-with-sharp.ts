import type { Metadata, Sharp } from 'sharp'
import { PaddleError } from '../../errors.js'
import type { RgbImage } from '../preprocess/normalise.js'
import { tiffExtraSamples, type ImageFile } from './image-header.js'
import { loadSharp } from './load-sharp.js'
import { toRgb, type Conversion, type Layout, type Narrowing } from './to-rgb.js'

/** The library whose pixels to reproduce. */
export type DecodeAs = 'opencv' | 'pillow'

/** Decodes a whole image to the pixels of `cv2.imread`, but in RGB, or of Pillow's `convert('RGB')`. */
export async function decodeWithSharp(file: ImageFile, as: DecodeAs): Promise<RgbImage> {
  if (!isPlain(file.header)) return decodeOtherKind(file, as)
  const sharp = await loadSharp()
  return rawPixels(sharp(file.bytes, file.settings))
}

async function rawPixels(image: Sharp): Promise<RgbImage> {
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data }
}

/** Whether sharp's own conversion to RGB equals that of both libraries. */
function isPlain({ depth, space, hasAlpha }: Metadata): boolean {
  return depth === 'uchar' && (space === 'srgb' || space === 'b-w') && !hasAlpha
}

const spaces: ReadonlySet<string> = new Set(['srgb', 'b-w', 'rgb16', 'grey16', 'cmyk'])

/**
 * Decodes the stored samples and converts them to RGB here: sharp would premultiply alpha before resizing,
 * apply a profile to CMYK, and cut 16 bits to 8.
 */
async function decodeOtherKind(file: ImageFile, as: DecodeAs): Promise<RgbImage> {
  const { name, bytes, settings, header } = file
  const { depth, space } = header
  if ((depth !== 'uchar' && depth !== 'ushort') || !spaces.has(space)) {
    const message = `${name} cannot be decoded: its pixels are ${depth} values in the colour space ${space}.`
    throw new PaddleError('IMAGE_UNREADABLE', message, { advice: 'Convert it to 8-bit RGB.' })
  }
  const sharp = await loadSharp()
  const { data, info } = await sharp(bytes, settings)
    .pipelineColourspace(space)
    .toColourspace(space)
    .raw({ depth })
    .toBuffer({ resolveWithObject: true })
  const samples = depth === 'ushort' ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2) : data
  const layout = space === 'cmyk' ? 'cmyk' : info.channels < 3 ? 'grey' : 'rgb'
  const rgb = await toRgb(samples, info.channels, layout, conversionOf(file, as, layout))
  return { width: info.width, height: info.height, data: rgb }
}

/** How OpenCV and Pillow convert anything but 8-bit RGB, found by comparison (docs/accuracy.md). */
function conversionOf(file: ImageFile, as: DecodeAs, layout: Layout): Conversion {
  const { format, depth } = file.header
  const isTiff = format === 'tiff'
  return {
    narrowing: narrowingOf(file, as, layout),
    cmyk: as === 'pillow' ? 'rounded' : isTiff ? 'cut' : 'shifted',
    isMultiplied:
      as === 'opencv' && isTiff && layout === 'rgb' && depth === 'uchar' && hasTiffAlpha(file.bytes),
  }
}

/** Whether the fourth sample is declared as alpha: libtiff then multiplies the colours with it. */
function hasTiffAlpha(bytes: Uint8Array): boolean {
  const extra = tiffExtraSamples(bytes)
  return extra === 1 || extra === 2
}

function narrowingOf({ header, bytes }: ImageFile, as: DecodeAs, layout: Layout): Narrowing {
  const { format, channels } = header
  if (format !== 'png' && format !== 'tiff') return 'divide'
  // Byte 25 is the colour type of a PNG: grey with a transparent colour has two channels here, but is grey to
  // Pillow.
  if (as === 'pillow') return layout === 'grey' && (channels === 1 || bytes[25] === 0) ? 'clip' : 'shift'
  return format === 'tiff' && layout === 'rgb' ? 'divide' : 'shift'
}
