import type { Metadata, SharpOptions } from 'sharp'
import { PaddleError } from '../../errors.js'
import type { Size } from '../../model/index.js'
import { wording } from '../../wording.js'
import { decodeFailure, isReadable, unknownFormat } from './decode-errors.js'
import { loadSharp } from './load-sharp.js'

/** An image file whose header was read. */
export interface ImageFile {
  readonly name: string
  readonly bytes: Uint8Array
  /** How sharp is to open it. */
  readonly settings: SharpOptions
  readonly header: Metadata
  /** The size as it will be seen, after turning. */
  readonly size: Size
}

/**
 * Reads the header of an image.
 *
 * @throws PaddleError IMAGE_UNREADABLE
 */
export async function readHeader(name: string, bytes: Uint8Array, autoOrient: boolean): Promise<ImageFile> {
  // `error` is as strict as Pillow: a truncated file fails, a warning of the decoder does not. The limit is held here, as
  // sharp does not tell by how much an image is above it.
  const settings = { failOn: 'error', ignoreIcc: true, autoOrient, limitInputPixels: false } as const
  const sharp = await loadSharp()
  const header = await sharp(bytes, settings)
    .metadata()
    .catch((error: unknown) => {
      throw decodeFailure(name, error)
    })
  if (!isReadable(header.format)) throw unknownFormat(name)
  const { width, height } = autoOrient ? header.autoOrient : header
  return { name, bytes, settings, header, size: { width, height } }
}

/** @throws PaddleError IMAGE_TOO_LARGE */
export function checkPixels(name: string, { width, height }: Size, maxPixels: number): void {
  if (width * height <= maxPixels) return
  const message = `${name} has ${width * height} pixels (${width} × ${height}), above the limit of ${maxPixels}.`
  throw new PaddleError('IMAGE_TOO_LARGE', message, {
    advice: wording`Make it smaller, or raise ${{ option: 'maxPixels' }}.`,
  })
}

const APP1 = 0xe1
const START_OF_SCAN = 0xda
const ORIENTATION = 0x0112

/** The orientation that the Exif data of a JPEG ask for, 1 without any; undefined when they cannot be read. */
export function jpegOrientation(bytes: Uint8Array): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    let at = 2
    while (view.getUint8(at) === 0xff) {
      const marker = view.getUint8(at + 1)
      if (marker === START_OF_SCAN) return 1
      const length = view.getUint16(at + 2)
      if (marker === APP1 && isExif(view, at + 4)) {
        const tiff = new DataView(view.buffer, view.byteOffset + at + 10, length - 8)
        return tiffTag(tiff, ORIENTATION, 1)
      }
      // A marker may be preceded by bytes that fill.
      at += marker === 0xff ? 1 : 2 + length
    }
    return undefined
  } catch {
    return undefined // Something lies behind the end.
  }
}

/** `Exif\0\0` */
function isExif(view: DataView, at: number): boolean {
  return view.getUint32(at) === 0x45786966 && view.getUint16(at + 4) === 0
}

const EXTRA_SAMPLES = 0x0152

/** What the fourth sample of a TIFF's pixels is: 1 for alpha that the colours were multiplied with, 2 for alpha that they were not. */
export function tiffExtraSamples(bytes: Uint8Array): number | undefined {
  try {
    return tiffTag(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), EXTRA_SAMPLES, 0)
  } catch {
    return undefined // Something lies behind the end.
  }
}

/**
 * The short number that a tag of the first directory of a TIFF file holds: entries of tag, type, count and value. `otherwise` without the tag,
 * undefined for what is no TIFF.
 *
 * @throws RangeError when something lies behind the end
 */
function tiffTag(tiff: DataView, tag: number, otherwise: number): number | undefined {
  const order = tiff.getUint16(0)
  if (order !== 0x4949 && order !== 0x4d4d) return undefined
  const little = order === 0x4949
  const directory = tiff.getUint32(4, little)
  const entries = tiff.getUint16(directory, little)
  for (let entry = 0; entry < entries; entry += 1) {
    const at = directory + 2 + 12 * entry
    if (tiff.getUint16(at, little) === tag) return tiff.getUint16(at + 8, little)
  }
  return otherwise
}
