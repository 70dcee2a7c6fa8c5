/** By so many bytes a format is known. */
export const signatureBytes = 12

/**
 * Whether bytes begin as a file of one of the formats that are read does. Nothing else is handed to libvips: it would take SVG, PDF and
 * others too, which are parsed as a whole for their size alone, and can point to other files.
 */
export function hasImageSignature(bytes: Uint8Array): boolean {
  const text = String.fromCharCode(...bytes.subarray(0, signatureBytes))
  return signatures.some((signature) => signature.test(text))
}

const signatures = [
  /^\xff\xd8\xff/, // JPEG
  /^\x89PNG\r\n[^]\n/,
  /^RIFF[^]{4}WEBP/,
  /^GIF8[79]a/,
  /^(II[*+]\0|MM\0[*+])/, // TIFF, and BigTIFF
  /^[^]{4}ftyp/, // AVIF and HEIC
]
