import { limitsForm, type DownloadLimits } from '../download/limits.js'
import { or, type Form, boolean, either, limit, objectOf } from '../options/index.js'

/** How to read an image. */
export interface ReadOptions {
  /**
   * Rotate and mirror by the EXIF orientation, as Pillow's `exif_transpose` and OpenCV do.
   * @default true
   */
  readonly autoOrient?: boolean | undefined
  /**
   * The most pixels of an image. The default is sharp's own limit.
   * @default 268402689
   */
  readonly maxPixels?: number | undefined
  /**
   * Always decode a JPEG in full size. By default, one that Pillow's bilinear resampling reduces a lot is
   * halved while decoding; `true` takes longer and uses the pixels of the whole image.
   * @default false
   */
  readonly exact?: boolean | undefined
  /**
   * Download images that are given as `http:` or `https:` URLs, within these limits. Hosts without a public
   * address are refused unless `hosts` lists them.
   * @default false
   */
  readonly allowUrls?: boolean | DownloadLimits | undefined
}

export const readForm = {
  autoOrient: or(boolean, true),
  // Sharp's limit for an image (0x3FFF²).
  maxPixels: or(limit(1), 268_402_689),
  exact: or(boolean, false),
  allowUrls: or(either(boolean, objectOf(limitsForm)), false),
} satisfies Form<ReadOptions>
