import { fileKind } from '../../file-signatures.js'

/**
 * What files that are no supported images begin with, in Latin-1, and what they are. Control characters are
 * written as `\f` (12) and `\cA` (1).
 */
const signatures: readonly (readonly [RegExp, string])[] = [
  [/^(?:\0{3}\fjP {2}|\xff\x4f\xff\x51)/, 'a JPEG 2000 image'],
  [/^(?:\xff\n|\0{3}\fJXL )/, 'a JPEG XL image'],
  [/^8BPS/, 'a Photoshop document'],
  [/^(?:\xef\xbb\xbf)?\s*<(?:svg|\?xml)/i, 'an SVG or another XML file'],
  [/^\0\0[\cA\cB]\0/, 'an icon or a cursor of Windows'],
  [/^P[1-7]\s/, 'a Netpbm image'],
  [/^v\/1\cA/, 'an OpenEXR image'],
  [/^#\?(?:RADIANCE|RGBE)/, 'a Radiance HDR image'],
  [/^\x93NUMPY/, 'an array of NumPy'],
  [/^[^]{4}ftyp(?!avi[fs]|mi[af]|msf1|hei|hev)/, 'a video'],
]

/** The kind of a file that is no supported image; undefined if it is not known. */
export function otherFormat(beginning: string): string | undefined {
  return signatures.find(([signature]) => signature.test(beginning))?.[1] ?? fileKind(beginning)
}
