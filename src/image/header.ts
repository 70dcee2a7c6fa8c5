import type { Metadata, SharpOptions } from 'sharp'
import { PaddleError } from '../errors.js'
import type { Size } from '../model/index.js'
import { wording } from '../wording.js'
import { decodeFailure, isReadable, unknownFormat } from './decode-failure.js'
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
