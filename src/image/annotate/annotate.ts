import type { Sharp } from 'sharp'
import { shortMessageOf, PaddleError } from '../../errors.js'
import { decodeFailure } from '../decode-failure.js'
import { checkPixels, readHeader } from '../header.js'
import { serializeAbove } from '../in-turn.js'
import { loadSharp } from '../load-sharp.js'
import { sourceName, withSource } from '../read-source.js'
import type { ImageSource } from '../source-kinds.js'
import { Canvas } from './canvas.js'
import { drawMarks, type Mark } from './draw.js'
import { softwareTag } from './mark-of-ours.js'

/** The formats that annotated images are written in. */
export type ImageFormat = 'jpeg' | 'png' | 'webp'

export interface AnnotateOptions {
  /** @default the image's own, where it is one of them, else PNG */
  readonly format?: ImageFormat | undefined
  readonly autoOrient: boolean
  readonly maxPixels: number
}

/** A file of an image with its marks. */
export interface Annotated {
  readonly bytes: Uint8Array
  readonly format: ImageFormat
}

/**
 * Draws marks on an image, in its full size: 8 bits, RGB, with its transparency; a profile of colours is applied, and nothing else that the
 * file says about the image is kept. The result can be told by {@link isAnnotated}. Of an animation the first picture is taken.
 *
 * @throws PaddleError as `readPixels`; FILE_NOT_WRITTEN when the format cannot hold it
 */
export async function annotate(
  source: ImageSource,
  marks: readonly Mark[],
  { format, autoOrient, maxPixels }: AnnotateOptions,
): Promise<Annotated> {
  const name = sourceName(source)
  const finish = async (canvas: Canvas, own: string): Promise<Annotated> => {
    await drawMarks(canvas, marks)
    return encoded(name, canvas, format ?? (isPictureFormat(own) ? own : 'png'))
  }
  return withSource(
    source,
    async (bytes) => {
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
  )
}

/** Images of more pixels are drawn upon one at a time. */
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

/** Grey, and alpha where there is one, to as many channels as colours take. */
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

/** Letters and lines stay sharp: colours in full size. */
const encodings: Readonly<Record<ImageFormat, (image: Sharp) => Sharp>> = {
  jpeg: (image) => image.flatten({ background: '#fff' }).jpeg({ quality: 92, chromaSubsampling: '4:4:4' }),
  png: (image) => image.png(),
  webp: (image) => image.webp({ quality: 90, smartSubsample: true }),
}

function isPictureFormat(format: string): format is ImageFormat {
  return Object.hasOwn(encodings, format)
}
