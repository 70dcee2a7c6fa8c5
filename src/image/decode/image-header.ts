import type { Metadata, SharpOptions } from 'sharp'
import { PaddleError } from '../../errors.js'
import type { Size } from '../../model/index.js'
import { wording } from '../../wording.js'
import { decodeFailure, isReadable, unknownFormat } from './decode-errors.js'
import { loadSharp } from './load-sharp.js'

/** An image file with its header. */
export interface ImageFile {
  readonly name: string
  readonly bytes: Uint8Array
  /** The options for opening it with sharp. */
  readonly settings: SharpOptions
  readonly header: Metadata
  /** The size after applying the orientation. */
  readonly size: Size
}

/**
 * Reads the header of an image.
 *
 * @throws PaddleError IMAGE_UNREADABLE
 */
export async function readHeader(name: string, bytes: Uint8Array, autoOrient: boolean): Promise<ImageFile> {
  // `error` is as strict as Pillow: a truncated file fails, a warning of the decoder does not. checkPixels()
  // applies the limit, because sharp does not report by how much an image exceeds it.
  const settings = { failOn: 'error', ignoreIcc: true, autoOrient, limitInputPixels: false } as const
  const sharp = await loadSharp()
  const header = await sharp(bytes, settings)
    .metadata()
    .catch((error: unknown) => {
      throw decodeFailure(name, error)
    })
  if (!isReadable(header.format)) throw unknownFormat(name, '')
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

/** The Exif orientation of a JPEG, 1 without one; undefined if it cannot be read. */
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
      // Fill bytes may precede a marker.
      at += marker === 0xff ? 1 : 2 + length
    }
    return undefined
  } catch {
    return undefined // A read beyond the end.
  }
}

/** `Exif\0\0` */
function isExif(view: DataView, at: number): boolean {
  return view.getUint32(at) === 0x45786966 && view.getUint16(at + 4) === 0
}

const EXTRA_SAMPLES = 0x0152

/**
 * The kind of the fourth sample of a TIFF's pixels: 1 for premultiplied alpha, 2 for alpha that is not
 * premultiplied.
 */
export function tiffExtraSamples(bytes: Uint8Array): number | undefined {
  try {
    return tiffTag(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), EXTRA_SAMPLES, 0)
  } catch {
    return undefined // A read beyond the end.
  }
}

/**
 * Reads the 16-bit value of a tag in the first directory of a TIFF file, whose entries are tag, type, count
 * and value. Returns `otherwise` without the tag, undefined if the data are not a TIFF.
 *
 * @throws RangeError for a read beyond the end
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
