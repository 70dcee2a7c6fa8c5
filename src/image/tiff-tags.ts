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
export function tiffTag(tiff: DataView, tag: number, otherwise: number): number | undefined {
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
