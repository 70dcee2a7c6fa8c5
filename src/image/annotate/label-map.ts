import { loadSharp } from '../decode/load-sharp.js'
import { softwareTag } from './software-tag.js'

/** The class of each pixel of an image, rows from the top. */
export interface LabelMap {
  readonly width: number
  readonly height: number
  readonly data: Uint16Array
}

/**
 * Encodes the classes as a grey PNG: a pixel's value is its class, in 8 bits, or in 16 bits when a class is
 * above 255.
 */
export async function encodeLabelMap({ width, height, data }: LabelMap): Promise<Uint8Array> {
  const sharp = await loadSharp()
  const isWide = data.some((id) => id > 0xff)
  const pixels = isWide ? data : Uint8Array.from(data)
  return sharp(pixels, { raw: { width, height, channels: 1 }, limitInputPixels: false })
    .toColourspace(isWide ? 'grey16' : 'b-w')
    .withExif({ IFD0: { Software: softwareTag } })
    .png()
    .toBuffer()
}
