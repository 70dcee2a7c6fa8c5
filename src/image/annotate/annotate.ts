import type { Sharp } from 'sharp'
import { PaddleError, shortMessageOf } from '../../errors.js'
import { readBmp } from '../decode/bmp.js'
import { decodeFailure } from '../decode/decode-errors.js'
import { checkPixels, readHeader } from '../decode/image-header.js'
import { loadSharp } from '../decode/load-sharp.js'
import type { ReadOptions } from '../read-options.js'
import type { ImageSource } from '../source/image-source.js'
import { serializeAbove, sourceName, withSource } from '../source/read-source.js'
import { Canvas } from './canvas.js'
import { drawMarks, markColours, tintClasses, type Mark } from './draw.js'
import type { LabelMap } from './label-map.js'
import { softwareTag } from './software-tag.js'

/** The file formats of annotated images. */
export type ImageFormat = 'jpeg' | 'png' | 'webp'

export interface AnnotateOptions {
  /** @default the image's own format if it is one of these, else PNG */
  readonly format?: ImageFormat | undefined
  readonly autoOrient: boolean
  readonly maxPixels: number
  /** For an image that is a URL, which is downloaded. */
  readonly allowUrls?: ReadOptions['allowUrls']
  /** Blends the colours of the classes over the image, under the marks. */
  readonly labelMap?: LabelMap | undefined
}

/** The file of an annotated image. */
export interface Annotated {
  readonly bytes: Uint8Array
  readonly format: ImageFormat
}

/**
 * Draws marks on an image in its full size: 8 bits, RGB, with its transparency. Applies the colour profile
 * and keeps no other metadata. `isAnnotated` recognises the result. Of an animation, only the first
 * frame is used.
 *
 * @throws PaddleError as `readPixels`; FILE_NOT_WRITTEN when the format cannot hold the image
 */
export async function annotate(
  source: ImageSource,
  marks: readonly Mark[],
  { format, autoOrient, maxPixels, allowUrls, labelMap }: AnnotateOptions,
): Promise<Annotated> {
  const name = sourceName(source)
  const finish = async (canvas: Canvas, own: string): Promise<Annotated> => {
    if (labelMap) {
      if (labelMap.width !== canvas.width || labelMap.height !== canvas.height) throw changed(name)
      tintClasses(canvas, labelMap, markColours(marks))
    }
    await drawMarks(canvas, marks)
    return encoded(name, canvas, format ?? (isPictureFormat(own) ? own : 'png'))
  }
  return withSource(
    source,
    async (bytes) => {
      const bmp = readBmp(name, bytes)
      if (bmp) {
        checkPixels(name, bmp.size, maxPixels)
        return inTurn(bmp.size.width * bmp.size.height, async () => {
          const { data, width, height } = await bmp.decode('opencv')
          return finish(new Canvas({ width, height }, 3, data), 'png')
        })
      }
      const { header, settings, size } = await readHeader(name, bytes, autoOrient)
      checkPixels(name, size, maxPixels)
      return inTurn(size.width * size.height, async () => {
        const sharp = await loadSharp()
        const image = sharp(bytes, { ...settings, ignoreIcc: false })
        return finish(await canvasOf(name, image), header.format)
      })
    },
    async ({ width, height, data }) => {
      checkPixels(name, { width, height }, maxPixels)
      return finish(new Canvas({ width, height }, 3, data), 'png')
    },
    { allowUrls },
  )
}

function changed(name: string): PaddleError {
  return new PaddleError(
    'FILE_NOT_WRITTEN',
    `${name} cannot be annotated: its size changed after it was read.`,
    { advice: 'Run it again.' },
  )
}

/** Images of more pixels are annotated one at a time. */
const inTurn = serializeAbove(2 ** 24)

async function canvasOf(name: string, image: Sharp): Promise<Canvas> {
  try {
    const { data, info } = await image
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true })
    if (info.channels >= 3) return new Canvas(info, info.channels === 4 ? 4 : 3, data)
    return new Canvas(info, info.channels === 2 ? 4 : 3, greyToRgb(data, info.channels))
  } catch (error) {
    throw error instanceof PaddleError ? error : decodeFailure(name, error)
  }
}

/** Repeats grey for R, G and B, and keeps alpha if there is one. */
function greyToRgb(data: Uint8Array, channels: number): Uint8Array {
  const pixels = data.length / channels
  const result = new Uint8Array(pixels * (channels + 2))
  for (let pixel = 0, to = 0; pixel < pixels; pixel += 1) {
    const grey = data[pixel * channels] ?? 0
    result[to++] = grey
    result[to++] = grey
    result[to++] = grey
    if (channels === 2) result[to++] = data[pixel * channels + 1] ?? 0
  }
  return result
}

async function encoded(name: string, canvas: Canvas, format: ImageFormat): Promise<Annotated> {
  const sharp = await loadSharp()
  const { data, width, height, channels } = canvas
  const image = sharp(data, { raw: { width, height, channels }, limitInputPixels: false }).withExif({
    IFD0: { Software: softwareTag },
  })
  try {
    return { bytes: await encodings[format](image).toBuffer(), format }
  } catch (cause) {
    const why = shortMessageOf(cause)
    throw new PaddleError(
      'FILE_NOT_WRITTEN',
      `${name} cannot be written as ${format.toUpperCase()}: ${why.replace(/\.$/, '')}.`,
      { cause, advice: 'Write it as PNG.' },
    )
  }
}

/** No chroma subsampling, so that letters and lines stay sharp. */
const encodings: Readonly<Record<ImageFormat, (image: Sharp) => Sharp>> = {
  jpeg: (image) => image.flatten({ background: '#fff' }).jpeg({ quality: 92, chromaSubsampling: '4:4:4' }),
  png: (image) => image.png(),
  webp: (image) => image.webp({ quality: 90, smartSubsample: true }),
}

function isPictureFormat(format: string): format is ImageFormat {
  return Object.hasOwn(encodings, format)
}
