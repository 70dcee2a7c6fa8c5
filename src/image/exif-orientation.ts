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
        return tiffOrientation(new DataView(view.buffer, view.byteOffset + at + 10, length - 8))
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

/** The first directory of a TIFF file: entries of tag, type, count and value. */
function tiffOrientation(tiff: DataView): number | undefined {
  const order = tiff.getUint16(0)
  if (order !== 0x4949 && order !== 0x4d4d) return undefined
  const little = order === 0x4949
  const directory = tiff.getUint32(4, little)
  const entries = tiff.getUint16(directory, little)
  for (let entry = 0; entry < entries; entry += 1) {
    const at = directory + 2 + 12 * entry
    if (tiff.getUint16(at, little) === ORIENTATION) return tiff.getUint16(at + 8, little)
  }
  return 1
}
