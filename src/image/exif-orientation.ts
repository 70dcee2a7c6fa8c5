import { tiffTag } from './tiff-tags.js'

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
