import type { Metadata, Sharp } from 'sharp'
import { PaddleError } from '../errors.js'
import type { ImageFile } from './header.js'
import { loadSharp } from './load-sharp.js'
import type { RgbImage } from './normalise.js'
import { toRgb, type Layout } from './to-rgb.js'

/** The pixels of a whole image, as Pillow's `convert('RGB')` gives them. */
export async function decode(file: ImageFile): Promise<RgbImage> {
  if (!isPlain(file.header)) return decodeOtherKind(file)
  const sharp = await loadSharp()
  return rawPixels(sharp(file.bytes, file.settings))
}

async function rawPixels(image: Sharp): Promise<RgbImage> {
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data }
}

/** What sharp itself brings to RGB exactly as Pillow does. */
function isPlain({ depth, space, hasAlpha }: Metadata): boolean {
  return depth === 'uchar' && (space === 'srgb' || space === 'b-w') && !hasAlpha
}

const spaces: ReadonlySet<string> = new Set(['srgb', 'b-w', 'rgb16', 'grey16', 'cmyk'])

/**
 * Alpha would be multiplied in before resizing, CMYK sent through a profile, and 16 bits cut to 8: such an image is
 * decoded as it is stored, and brought to RGB here.
 */
async function decodeOtherKind({
  name,
  bytes,
  settings,
  header: { depth, space },
}: ImageFile): Promise<RgbImage> {
  if ((depth !== 'uchar' && depth !== 'ushort') || !spaces.has(space)) {
    const message = `${name} cannot be decoded: its pixels are ${depth} values in the colour space ${space}.`
    throw new PaddleError('IMAGE_UNREADABLE', `${message}\nConvert it to 8-bit RGB.`)
  }
  const sharp = await loadSharp()
  const { data, info } = await sharp(bytes, settings)
    .pipelineColourspace(space)
    .toColourspace(space)
    .raw({ depth })
    .toBuffer({ resolveWithObject: true })
  const samples = depth === 'ushort' ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2) : data
  const layout: Layout = space === 'cmyk' ? 'cmyk' : info.channels < 3 ? 'grey' : 'rgb'
  return { width: info.width, height: info.height, data: await toRgb(samples, info.channels, layout) }
}
